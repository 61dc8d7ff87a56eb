import TestSupport
import Testing

@testable import Events

/// Members of `data` that are sought, against those that a walk finds.
@Suite struct MemberSearchTests {
    private static let padding = String(repeating: "-", count: 100)

    /// What a path finds in an event whose `data` is an object, in whichever way it is looked for.
    private func find(_ path: String, inData data: String) throws -> String? {
        let batch = try batch(#"{"name":"N","data":\#(data)}"#)
        let found = try find(try #require(JSONPath(path)), in: batch)
        return found.map { String(decoding: batch.bytes[$0], as: UTF8.self) }
    }

    private func find(_ path: JSONPath, in batch: EventBatch) throws -> Range<Int>? {
        let line = try #require(batch.lines.first)
        return batch.bytes.withUnsafeBytes { bytes in
            let found = line.value(at: path, in: bytes)
            let walked = path.find(in: bytes, from: line.range)
            #expect(found == walked, "\(path) in \(String(decoding: bytes[line.range], as: UTF8.self))")
            return found
        }
    }

    @Test(arguments: [
        (#""key":1"#, "1"), (#""key" : "two" "#, #""two""#), (#""a":{"key":3},"key":4"#, "4"),
        (#""a":["key",{"key":5}],"b":{"key":6}"#, nil), (#""a":"key","b":"key""#, nil),
        (#""a":"\"key\":7","key":8"#, "8"), (#""a":"\\\\","key":9,"key":10"#, "9"),
        (#""keys":11,"akey":12,"Key":13"#, nil), (#""k\u0065y":14,"key":15"#, "14"), (#""key":16,"k\u0065y":17"#, "16"),
        (#""key":{"a":[{}]},"a":18"#, #"{"a":[{}]}"#), (#""a":[1],"b":[2],"c":[3],"d":[4],"e":["key"],"key":19"#, "19"),
        (#""a":[],"b":[],"c":[],"d":[],"key":[20]"#, "[20]"), (#""key.b":21,"b":"key.""#, nil),
        (#""é":"\n","key":22"#, "22"),
    ])
    func findsAKeyWhereItIsOne(_ members: String, _ value: String?) throws {
        for data in [
            "{\(members)}", #"{\#(members),"z":"\#(Self.padding)"}"#, #"{"z":"\#(Self.padding)",\#(members)}"#,
        ] {
            #expect(try find("data.key", inData: data) == value)
        }
    }

    @Test(arguments: [
        ("data.a.b", #""a":{"b":1},"a.b":2"#, "2"), ("data.a.b", #""a.c":0,"a":{"c":1,"b":3}"#, "3"),
        ("data.a.b.c", #""a":4,"a.b":{"c":5},"a.b.c":6"#, "6"), ("data.a.0", #""a":[7]"#, "7"),
        ("data.,x", #""a":"b",",x":8"#, "8"), ("data.:1", #""a":1,":1":9"#, "9"), ("data. a", #""b": 1," a":10"#, "10"),
        ("data.}", #""b":{},"}":11"#, "11"), ("data.\"", #""b":"","\"":12"#, "12"),
        ("data.é", #""e":"é","é":13"#, "13"),
    ])
    func followsPaths(_ path: String, _ members: String, _ value: String) throws {
        #expect(try find(path, inData: "{\(members)}") == value)
        #expect(try find(path, inData: #"{\#(members),"z":"\#(Self.padding)"}"#) == value)
    }

    /// Wherever the 64 places begin and end.
    @Test(arguments: 0..<200)
    func findsAKeyAtAnyDistance(_ distance: Int) throws {
        let filling = String(repeating: "x", count: distance)
        #expect(try find("data.wanted", inData: #"{"\#(filling)":0,"wanted":1}"#) == "1")
        #expect(try find("data.wanted", inData: #"{"wanted":1,"\#(filling)":0}"#) == "1")
        #expect(try find("data.wanted", inData: #"{"\#(filling)":{},"wanted":1,"b":["\#(filling)"]}"#) == "1")
        #expect(try find("data.wanted", inData: #"{"a":"\#(filling)","b":{"wanted":0},"c":["\#(filling)"]}"#) == nil)
    }

    /// Offsets beyond two bytes are left to a walk.
    @Test func findsAKeyInLargeObjects() throws {
        let filling = String(repeating: "x", count: 70_000)
        #expect(try find("data.wanted", inData: #"{"a":"\#(filling)","wanted":1}"#) == "1")
        #expect(try find("data.wanted", inData: #"{"a":{"\#(filling)":{"wanted":0}},"wanted":1}"#) == "1")
        #expect(try find("data.wanted", inData: #"{"a":"\#(filling)","b":{"wanted":0},"wanted":1}"#) == "1")
    }

    @Test(arguments: UInt64(1)...8)
    func agreesOnGeneratedObjects(_ seed: UInt64) throws {
        var generator = JSONGenerator(random: SeededGenerator(seed: seed))
        var sought = 0
        for _ in 0..<200 {
            let data = generator.text()
            let batch = try batch([Array(#"{"data":"#.utf8) + data + [UInt8(ascii: "}")]])
            let keys = ReferenceJSON(data)?.members.map { String(decoding: $0.key, as: UTF8.self) } ?? []
            for key in keys + JSONGenerator.knownKeys + ["x", "na", "Z9"] {
                guard let path = JSONPath("data." + key) else { continue }
                _ = try find(path, in: batch)
                if batch.lines[0].nestedInData.isComplete, data.count > 64 + key.utf8.count { sought += 1 }
            }
        }
        #expect(sought > 150, "most are not left to the walk")
    }

    /// All of them are sought, in every event that real Kazoo has sent.
    @Test func agreesOnRecordings() throws {
        let events = try Recordings.events().map(\.bytes)
        let keys = Set(try events.flatMap { try dataKeys(of: $0) })
        #expect(keys.count > 50)
        for event in events {
            let batch = try batch([event])
            #expect(batch.lines[0].nestedInData.isComplete, "\(String(decoding: event, as: UTF8.self))")
            for key in keys {
                for path in ["data." + key, "data." + key + ".account_id"] {
                    _ = try find(try #require(JSONPath(path)), in: batch)
                }
            }
        }
    }

    private func dataKeys(of event: [UInt8]) throws -> [String] {
        guard let data = try scan(event).data else { return [] }
        return ReferenceJSON(Array(event[data]))?.members.map { String(decoding: $0.key, as: UTF8.self) } ?? []
    }
}
