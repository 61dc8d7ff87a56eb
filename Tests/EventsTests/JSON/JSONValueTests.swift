import TestSupport
import Testing

@testable import Events

@Suite struct JSONValueTests {
    @Test func parsesEveryKindOfValue() throws {
        let value = try JSONValue(
            parsing:
                #" { "b" : [1, -2.50, 1e+25, true, false, null, "x\ny", {}, [] ] , "a" : {"c":123456789012345678901} } "#
        )
        #expect(
            value == [
                "b": [1, .number("-2.50"), .number("1e+25"), true, false, nil, "x\ny", [:], []],
                "a": ["c": .number("123456789012345678901")],
            ])
        #expect(value["b"]?[0]?.int == 1)
        #expect(value["b"]?[3]?.bool == true)
        #expect(value["b"]?[6]?.string == "x\ny")
        #expect(value["b"]?.array?.count == 9)
        #expect(value["b"]?[9] == nil)
        #expect(value["a"]?["c"]?.int == nil)
        #expect(value["z"] == nil)
        #expect(value.members?.map(\.key) == ["b", "a"])
    }

    @Test func theFirstOfTwoEqualKeysCounts() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#)["a"] == 1)
    }

    @Test func writesCompactJSON() {
        let value: JSONValue = ["k\"": [1, true, nil, "ü\n", [:], ["x": []]], "z": .number("1e+25")]
        #expect(value.json == #"{"k\"":[1,true,null,"ü\n",{},{"x":[]}],"z":1e+25}"#)
    }

    @Test func writesRecordedEventsAsTheyWere() throws {
        for (name, event) in try Recordings.events() {
            let value = try event.withUnsafeBytes { try JSONValue(parsing: $0) }
            #expect(try JSONValue(parsing: value.json) == value, "\(name)")
        }
    }

    @Test(arguments: UInt64(1)...4)
    func roundTripsGeneratedTexts(_ seed: UInt64) throws {
        var generator = JSONGenerator(random: SeededGenerator(seed: seed))
        for _ in 0..<200 {
            let value = try generator.text().withUnsafeBytes { try JSONValue(parsing: $0) }
            #expect(try JSONValue(parsing: value.json) == value)
        }
    }

    @Test func refusesWhatTheScannerRefuses() {
        #expect(throws: JSONSyntaxError(reason: .unexpectedEnd, offset: 5)) { try JSONValue(parsing: #"{"a":"#) }
        #expect(throws: JSONSyntaxError(reason: .tooDeep, offset: 128)) {
            try JSONValue(parsing: String(repeating: "[", count: 129) + String(repeating: "]", count: 129))
        }
    }
}
