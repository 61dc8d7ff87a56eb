import TestSupport
import Testing

@testable import Events

/// The index against asking each condition.
@Suite struct MatchIndexTests {
    private func expectAgreement(_ lists: [[EventMatch]], on batch: EventBatch) -> Int {
        var values = MatchValues()
        let index = MatchIndex(lists.enumerated().map { ($0.offset, $0.element) }, values: &values)
        var total = 0
        for event in batch {
            var found: [Int] = []
            values.removeAll()
            batch.bytes.withUnsafeBytes { bytes in
                index.find(event.line, in: bytes, values: &values, into: &found)
                #expect(found.sorted() == lists.indices.filter { lists[$0].allMatch(event.line, in: bytes) })
            }
            total += found.count
        }
        return total
    }

    @Test func findsByTextAndByWildcard() throws {
        let batch = try batch(
            #"{"name":"A","data":{"type":"user","n":1,"text":"a\nb"}}"#, #"{"name":"B","data":{"type":"user"}}"#,
            #"{"name":"","data":{"type":null}}"#, #"{}"#)
        let lists = try [
            [], ["name=A"], ["name=B"], ["name="], ["name=*"], ["data.type=user"], ["data.type=user", "name=A"],
            ["data.type=us*", "name=A"], ["data.n=1"], ["data.n=*"], ["data.text=a\nb"], ["data.text=*\nb"],
            ["data.type=null"], ["name=A", "name=B"], ["name=A", "name=A"], ["name=A"], ["name=\\*"],
        ].map { try $0.map { try EventMatch($0) } }
        #expect(expectAgreement(lists, on: batch) == 21)
    }

    /// Each path is followed once, though two indices ask for it.
    @Test func sharesValuesBetweenIndices() throws {
        var values = MatchValues()
        let lists = [(0, [try EventMatch("data.type=user")])]
        let indices = [MatchIndex(lists, values: &values), MatchIndex(lists, values: &values)]
        let batch = try batch(#"{"data":{"type":"user"}}"#, #"{"data":{"type":"device"}}"#)
        var found: [Int] = []
        func find(_ position: Int) {
            batch.bytes.withUnsafeBytes { bytes in
                for index in indices { index.find(batch.lines[position], in: bytes, values: &values, into: &found) }
            }
        }
        find(0)
        // The values of the last event, until they are forgotten.
        find(0)
        #expect(found == [0, 0, 0, 0])
        values.removeAll()
        find(1)
        #expect(found.count == 4)
    }

    /// What is decoded for one event does not stand in the way of the next one.
    @Test func decodesTheTextsOfEachEvent() throws {
        let batch = try batch(
            #"{"name":"a\nb","data":{"type":"us\u0065r"}}"#, #"{"name":"a\\b","data":{"type":"d\u0065vice"}}"#)
        let lists = try [["name=a\nb", "data.type=user"], [#"name=a\\b"#, "data.type=device"], ["data.type=*e*"]]
            .map { try $0.map { try EventMatch($0) } }
        #expect(expectAgreement(lists, on: batch) == 4)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func agreesOnRandomConditions(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let batch = try batch(Recordings.events().map(\.bytes))
        let paths = ["name", "data.type", "data.msg_id", "data.custom_channel_vars.account_id", "nothing", "data.id"]
        let texts = try paths.flatMap { path in
            let path = try #require(JSONPath(path))
            return batch.compactMap { $0.text(at: path) }.filter { !$0.contains("*") && !$0.contains("\\") }
        }
        let lists = try (0..<300).map { _ in
            try (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                let path = paths.randomElement(using: &generator) ?? "name"
                let text = texts.randomElement(using: &generator) ?? ""
                let pattern = Bool.random(using: &generator) ? text : text.prefix(3) + "*"
                return try EventMatch(path: path, pattern: pattern)
            }
        }
        #expect(expectAgreement(lists, on: batch) > 1_000)
    }
}
