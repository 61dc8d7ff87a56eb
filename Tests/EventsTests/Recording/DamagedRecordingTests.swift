import Events
import TestSupport
import Testing

/// Whatever a file holds, what is usable of it is used, and the rest is named by its line.
@Suite struct DamagedRecordingTests {
    private static let event = #"{"action":"event","name":"N","data":{"msg_id":"m"}}"#
    private static let envelope = #"{"seq":5,"received_at":"2026-11-21T01:47:37Z","event":\#(event)}"#

    @Test func `splitting the bytes anywhere changes nothing`() throws {
        let text = Array(
            [
                Self.envelope, "", "{\"torn\":", #"{"action":"gap"}"#, Self.event + "\r", "é", Self.envelope,
                #"{"action":"invalid","raw_base64":"eA=="}"#, #"{"specversion":"1.0"}"#, Self.event,
            ].joined(separator: "\n").utf8)
        let whole = read(text, lineLimit: 200)
        #expect(whole.counts.events == 4)
        #expect(whole.counts.skipped == 3)
        for size in 1...text.count {
            let outcome = read(text, piece: size, lineLimit: 200)
            #expect(outcome.steps == whole.steps, "pieces of \(size) bytes")
            #expect(outcome.text == whole.text, "pieces of \(size) bytes")
        }
        for first in 0...text.count {
            var reader = Playback(lineLimit: 200)
            reader.take(text[..<first])
            reader.take(text[first...])
            reader.end()
            #expect(reader.outcome.steps == whole.steps, "cut at \(first)")
        }
    }

    @Test func `every complaint names its line`() {
        let outcome = read(
            """
            \(Self.event)

            not JSON
            {"action":"reply","status":"success"}
            {"event":{"name":"N"}}
            {"event":"action"}
            [1]
            7
            {"specversion":"1.0","id":"x","data":{"action":"event"}}
            \(Self.event)

            """)
        #expect(outcome.counts.events == 2)
        #expect(outcome.counts.skipped == 7)
        #expect(
            outcome.complaints.map(\.description) == [
                "line 3: not JSON: unexpected byte at offset 0",
                "line 4: neither an event nor an envelope around one",
                "line 5: neither an event nor an envelope around one",
                "line 6: neither an event nor an envelope around one",
                "line 7: neither an event nor an envelope around one",
                "line 8: neither an event nor an envelope around one",
                "line 9: a CloudEvents line does not hold the whole event; record with --output envelope or raw",
            ])
    }

    @Test func `all that is written as CloudEvents is recognised`() throws {
        var batch = try batch(Recordings.events().map(\.bytes))
        batch.append(notice: ["action": "gap"])
        var text: [UInt8] = []
        EventFormatter(.cloudevents, host: "k").append(batch, to: &text)
        let outcome = read(text)
        #expect(outcome.complaints.count == batch.count)
        #expect(outcome.complaints.allSatisfy { $0.problem == .cloudEvent })
    }

    @Test func `bytes that are no text are not JSON either`() {
        let outcome = read(Array(#"{"action":"event","name":""#.utf8) + [0xC3, 0x28] + Array("\"}\n".utf8))
        #expect(outcome.complaints == [RecordingComplaint(line: 1, problem: .notText)])
        #expect(outcome.complaints[0].description == "line 1: not valid UTF-8")
    }

    @Test func `the last line may lack its newline, and may be torn`() {
        #expect(read(Self.envelope).counts.events == 1)
        let text = Array(Self.envelope.utf8)
        for count in 1..<text.count {
            let outcome = read(Array("\(Self.event)\n".utf8) + text[..<count])
            #expect(outcome.counts.events == 1)
            #expect(outcome.complaints == [RecordingComplaint(line: 2, problem: .torn)])
        }
        #expect(read("{").complaints[0].description == "line 1: the recording ends in the middle of this line")
        #expect(read("").steps == [])
        #expect(read("\n \r\n\t").steps == [])
    }

    @Test func `a line that is too long is left out, and no more of it kept than must be`() {
        let long = Array(repeating: UInt8(ascii: "x"), count: 1000)
        let text = Array("\(Self.event)\n".utf8) + long + Array("\n\(Self.event)\n".utf8) + long
        for piece in [1, 7, 64, 128, 129, 999, 1000, 5000] {
            let outcome = read(text, piece: piece, lineLimit: 128)
            #expect(outcome.counts.events == 2)
            #expect(
                outcome.complaints == [
                    RecordingComplaint(line: 2, problem: .tooLong(limit: 128)),
                    RecordingComplaint(line: 4, problem: .tooLong(limit: 128)),
                ])
        }
        #expect(read(text, lineLimit: 128).complaints[0].description == "line 2: longer than 128 bytes")
        // A line that is just as long as it may be.
        #expect(read(Self.event + "\n", lineLimit: Self.event.utf8.count).counts.events == 1)
        #expect(read(Self.event, lineLimit: Self.event.utf8.count).counts.events == 1)
    }

    @Test func `a line that has no place in the batch begins the next`() {
        func line(_ sequence: UInt64) -> String { #"{"seq":\#(sequence),"event":\#(Self.event)}"# + "\n" }
        let outcome = read(line(1) + line(2) + line(1 << 33) + line(1 << 33 + 1))
        #expect(outcome.batches.map { $0.map(\.sequence) } == [[1, 2], [1 << 33, 1 << 33 + 1]])
        #expect(outcome.counts.events == 4)
        #expect(outcome.steps.filter { $0 == .full }.count == 1)
    }

    @Test func `no damage makes the reader fail`() {
        var generator = SeededGenerator(seed: 11)
        let original = Array([Self.envelope, Self.event, Self.envelope].joined(separator: "\n").utf8)
        for _ in 0..<4_000 {
            var text = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let offset = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[offset] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: text.remove(at: offset)
                default: text.insert(UInt8(ascii: "\n"), at: offset)
                }
            }
            let outcome = read(text, piece: Int.random(in: 1...80, using: &generator))
            #expect(outcome.counts.events <= 3)
            #expect(outcome.lines.allSatisfy { (try? scan($0.json)) != nil })
            #expect(zip(outcome.lines, outcome.lines.dropFirst()).allSatisfy { $0.sequence <= $1.sequence })
        }
    }
}
