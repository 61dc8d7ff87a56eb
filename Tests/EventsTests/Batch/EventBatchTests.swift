import Testing

@testable import Events

@Suite struct EventBatchTests {
    private func text(_ batch: EventBatch) -> String { String(decoding: batch.bytes, as: UTF8.self) }

    /// What a batch says about itself holds for its bytes.
    private func expectSound(_ batch: EventBatch) {
        var end = 0
        for line in batch.lines {
            #expect(line.range.lowerBound == end)
            end = line.range.upperBound + 1
            #expect(batch.bytes[end - 1] == UInt8(ascii: "\n"))
            #expect(!batch.bytes[line.range].contains(UInt8(ascii: "\n")))
        }
        #expect(end == batch.bytes.count)
    }

    private func names(_ batch: EventBatch) -> [String?] { batch.map(\.name) }

    @Test func keepsEventsByteForByte() throws {
        let (first, second) = (#"{"action":"event" ,"name":"A"}"#, #"{"name":"B","data":{"x":"\n"}}"#)
        let batch = try batch(first, second)
        #expect(text(batch) == first + "\n" + second + "\n")
        #expect(batch.count == 2)
        #expect(names(batch) == ["A", "B"])
        #expect(batch.lines[1].data.map { String(decoding: batch.bytes[$0], as: UTF8.self) } == #"{"x":"\n"}"#)
        #expect(batch.lines[1].routingKey == nil)
        expectSound(batch)
    }

    @Test func writesEachEventOnOneLine() throws {
        let batch = try batch("{\n\"name\" :\r\n\"A\\n\",\t\"data\":[1\n]\n}")
        #expect(text(batch) == "{ \"name\" :  \"A\\n\",\t\"data\":[1 ] }\n")
        #expect(names(batch) == ["A\n"])
        expectSound(batch)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"), ("\u{0}\n\u{7FF}", "AArfvw=="),
    ])
    func writesFramesThatAreNotJSONInBase64(_ frame: String, _ base64: String) {
        var batch = EventBatch()
        Array(frame.utf8).withUnsafeBytes { batch.append(invalid: $0) }
        #expect(text(batch) == #"{"action":"invalid","raw_base64":""# + base64 + "\"}\n")
        #expect(batch.lines[0].kind == .invalid)
        #expect(batch[0].text(at: .action) == "invalid")
        expectSound(batch)
    }

    @Test func takesNoticesOfItsOwn() {
        var batch = EventBatch()
        batch.append(notice: ["action": "gap", "reason": "a\nb"])
        #expect(text(batch) == #"{"action":"gap","reason":"a\nb"}"# + "\n")
        #expect(batch.lines[0].kind == .notice)
    }

    @Test func numbersItsLines() throws {
        var batch = try batch("{}", "{}", "{}")
        #expect(batch.map(\.sequence) == [7, 8, 9])
        #expect(batch.nextSequence == 10)
        batch.keep { $0.sequence != 8 }
        #expect(batch.map(\.sequence) == [7, 9])
        #expect(batch.nextSequence == 10)
        batch.removeAll(keepingCapacity: true)
        #expect(batch.isEmpty && batch.bytes.isEmpty)
        #expect(batch.nextSequence == 10)
        batch.append(notice: [:])
        #expect(batch.map(\.sequence) == [10])
    }

    @Test(arguments: [[], [0], [1], [4], [0, 4], [1, 2, 3], [0, 2, 4], [0, 1, 2, 3, 4]])
    func keepsTheLinesThatAreWanted(_ wanted: [Int]) throws {
        let events = (0..<5).map { #"{"name":"\#($0)","data":{"n":\#(String(repeating: "1", count: $0 + 1))}}"# }
        var batch = try batch(events.map { Array($0.utf8) })
        batch.keep { wanted.contains(Int($0.sequence) - 7) }
        #expect(text(batch) == wanted.map { events[$0] + "\n" }.joined())
        #expect(names(batch) == wanted.map(String.init))
        expectSound(batch)
    }

    @Test func takesItsFirstLines() throws {
        let batch = try batch(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"C"}"#)
        #expect(names(batch.prefix(lines: 2)) == ["A", "B"])
        #expect(batch.prefix(lines: 0).isEmpty)
        #expect(batch.prefix(lines: 9).count == 3)
        expectSound(batch.prefix(lines: 2))
    }

    @Test func cutsOutLines() throws {
        let middle = try batch(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"C"}"#).slice(1..<2)
        #expect(names(middle) == ["B"])
        #expect(middle.map(\.sequence) == [8])
        #expect(middle.connection == "kazoo-a#1")
        expectSound(middle)
    }

    @Test(arguments: [1, 13, 14, 26, 27, 38, 39, 40, 1_000])
    func splitsAtAByteLimit(_ limit: Int) throws {
        let whole = try batch(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"C"}"#)
        let parts = whole.split(atBytes: limit)
        #expect(parts.flatMap(\.bytes) == whole.bytes)
        #expect(parts.flatMap { $0.map(\.sequence) } == [7, 8, 9])
        for part in parts {
            #expect(part.bytes.count <= limit || part.count == 1)
            expectSound(part)
        }
        #expect(parts.count == (limit < 26 ? 3 : limit < 39 ? 2 : 1))
    }

    @Test func splitsNothingIntoNothing() {
        #expect(EventBatch().split(atBytes: 10).isEmpty)
    }
}
