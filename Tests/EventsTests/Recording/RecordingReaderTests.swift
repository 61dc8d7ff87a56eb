import Events
import TestSupport
import Testing

/// What was written as a recording comes back as it was.
@Suite struct RecordingReaderTests {
    @Test(arguments: [OutputFormat.envelope, .raw])
    func `every recorded event comes back byte for byte`(format: OutputFormat) throws {
        let original = try batch(Recordings.events().map(\.bytes))
        let outcome = read(recorded(original, as: format), receivedAt: original.receivedAt)
        #expect(outcome.steps.count > 40)
        let restored = try #require(outcome.batches.first)
        #expect(outcome.batches.count == 1)
        #expect(restored.bytes == original.bytes)
        #expect(restored.map(\.receivedAt) == original.map(\.receivedAt))
        #expect(restored.map(\.eventID) == original.map(\.eventID))
        #expect(restored.map(\.accountID) == original.map(\.accountID))
        if format == .envelope {
            #expect(restored.lines == original.lines)
            #expect(restored.map(\.sequence) == original.map(\.sequence))
            #expect(restored.map(\.connection) == original.map(\.connection))
            #expect(recorded(restored, as: .envelope) == recorded(original, as: .envelope))
        }
    }

    @Test func `an envelope's moment is known, a raw line's is not`() throws {
        let event = #"{"action":"event","name":"N","routing_key":"k","data":{}}"#
        let text = #"{"seq":3,"received_at":"2026-11-21T02:47:37.5+01:00","connection":"a#1","event":\#(event)}"#
        let outcome = read(text + "\n" + event + "\n")
        let moment = Timestamp(microseconds: 1_795_225_657_500_000)
        #expect(
            outcome.steps == [.appended(.event, receivedAt: moment), .appended(.event, receivedAt: nil)])
        #expect(outcome.lines.map(\.receivedAt) == [moment, handedIn])
        #expect(outcome.lines.map(\.connection) == ["a#1", ""])
        #expect(outcome.lines.map(\.sequence) == [3, 4])
    }

    @Test func `whatever follows or surrounds the event is no part of it`() throws {
        let event = #"{ "action" : "event", "event":{"seq":1}, "data":{"seq":"\u00e4 ü"} }"#
        for text in [
            event, " \t\(event) \r", #"{"event":\#(event),"seq":7}"#, #"{ "seq":7 ,"more":[{}], "event": \#(event) }"#,
            #"{"event":\#(event),"event":{"action":"gap"}}"#,
        ] {
            let outcome = read(text)
            #expect(outcome.lines.map { String(decoding: $0.json, as: UTF8.self) } == [event])
        }
    }

    @Test func `notices and invalid frames come back as what they are`() throws {
        var original = try batch(#"{"action":"event","n":1}"#)
        [0xFF, 0x00].withUnsafeBytes { original.append(invalid: $0) }
        var gap = EventBatch(receivedAt: Timestamp(microseconds: 9))
        gap.append(notice: ["action": "gap", "reason": "connection_lost"])
        let later = try batch([Array(#"{"action":"event","n":2}"#.utf8)], firstSequence: 9)

        for format in [OutputFormat.envelope, .raw] {
            let outcome = read([original, gap, gap, later].flatMap { recorded($0, as: format) })
            #expect(outcome.lines.map(\.kind) == [.event, .invalid, .notice, .notice, .event])
            #expect(outcome.counts.events == 2)
            #expect(outcome.counts.invalid == 1)
            #expect(outcome.counts.notices == 2)
            #expect(outcome.counts.skipped == 0)
            #expect(outcome.text == [original, gap, gap, later].flatMap(\.bytes))
        }
        let outcome = read([original, gap, gap, later].flatMap { recorded($0, as: .envelope) })
        // A notice takes no number from an event: it has that of the event before, in a batch that it begins.
        #expect(outcome.lines.map(\.sequence) == [7, 8, 8, 8, 9])
        #expect(outcome.batches.map(\.count) == [2, 1, 2])
        #expect(outcome.lines[2].receivedAt == Timestamp(microseconds: 9))
    }

    @Test func `numbers of concatenated recordings ascend`() throws {
        let event = Array(#"{"action":"event"}"#.utf8)
        let first = recorded(try batch([event, event], firstSequence: 40), as: .envelope)
        let second = recorded(try batch([event, event], firstSequence: 1), as: .envelope)
        let third = recorded(try batch([event], firstSequence: 90), as: .envelope)
        let outcome = read(first + second + third + recorded(try batch([event]), as: .raw))
        #expect(outcome.lines.map(\.sequence) == [40, 41, 42, 43, 90, 91])
    }

    @Test func `numbers that no event can have are replaced`() {
        func line(_ sequence: String) -> String { #"{"seq":\#(sequence),"event":{"action":"event"}}"# + "\n" }
        let numbers = ["null", "-4", "18446744073709551615", "1e3", "\"5\"", "2.5", "99999999999999999999"]
        let outcome = read((numbers + ["9223372036854775807", "8"]).map(line).joined())
        #expect(outcome.lines.map(\.sequence) == [1, 2, 3, 4, 5, 6, 7, 1 << 63 - 1, 1 << 63])
    }
}
