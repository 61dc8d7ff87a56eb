import Blackhole
import Events
import Testing

@testable import Subscriber

@Suite("Event flow")
struct EventFlowTests {
    /// Keeps what it is given.
    private struct Recorder: EventSink {
        final class Record: @unchecked Sendable {  // one test, one thread
            var lines: [String] = []
            var sequences: [UInt64] = []
        }

        let record = Record()
        var deadline: ContinuousClock.Instant? { nil }

        mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
            for event in batch {
                record.lines.append(String(decoding: event.json, as: UTF8.self))
                record.sequences.append(event.sequence)
            }
            return .more
        }

        mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) { record.lines.append(gap.notice.json) }
        mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }
    }

    private func event(_ id: String?, routingKey: String = "call.a.CHANNEL_CREATE.b", key: String = "call.*.*")
        -> String
    {
        let data = id.map { #"{"msg_id":"\#($0)"}"# } ?? "{}"
        return
            #"{"action":"event","subscribed_key":"\#(key)","name":"N","routing_key":"\#(routingKey)","data":\#(data)}"#
    }

    private func deliver(_ events: [String], to flow: EventFlow) throws {
        var batch = EventBatch()
        for text in events {
            try Array(text.utf8).withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        _ = flow.deliver(&batch, now: .now)
    }

    @Test("an event that two bindings bring passes once, in one burst and across bursts, and numbers have no holes")
    func duplicates() throws {
        let sink = Recorder()
        let flow = EventFlow(sink: sink)
        try deliver([event("1"), event("1", key: "call.CHANNEL_CREATE.*"), event("2")], to: flow)
        try deliver([event("2"), event("3")], to: flow)
        #expect(sink.record.lines == [event("1"), event("2"), event("3")])
        #expect(sink.record.sequences == [1, 2, 3])
    }

    @Test("a flow goes on with the numbers of another")
    func firstSequence() throws {
        let sink = Recorder()
        let flow = EventFlow(sink: sink, firstSequence: 42)
        try deliver([event("1")], to: flow)
        try deliver([event("1"), event("2")], to: flow)
        #expect(sink.record.sequences == [42, 43])
    }

    @Test("the same message under another routing key is another event")
    func identity() throws {
        let sink = Recorder()
        let flow = EventFlow(sink: sink)
        let events = [event("1"), event("1", routingKey: "call.a.CHANNEL_DESTROY.b")]
        try deliver(events, to: flow)
        #expect(sink.record.lines == events)
    }

    @Test("an event without msg_id, and what is no event, always passes")
    func withoutIdentity() throws {
        let sink = Recorder()
        let flow = EventFlow(sink: sink)
        try deliver([event(nil), event(nil)], to: flow)
        #expect(sink.record.lines == [event(nil), event(nil)])
    }

    @Test("a gap comes before the events that follow it, once")
    func gap() throws {
        let account = try AccountID("009afc511c97b2ae693c6cc4920988e8")
        let subscriptions = try ["call.*.*", "object.*.*"].map {
            try Subscription(account: account, binding: Binding($0))
        }
        let sink = Recorder()
        let flow = EventFlow(sink: sink)
        let (first, second) = (ConnectionID(1), ConnectionID(2))
        func at(_ milliseconds: Int64) -> Timestamp { Timestamp(microseconds: milliseconds * 1000) }
        let none = flow.record { coverage in
            coverage.want(subscriptions, since: nil, reason: .notRunning)
            coverage.opened(first, to: "a", at: at(0))
            return coverage.confirmed(subscriptions, on: first, at: at(1000))
        }
        #expect(none == [])
        let gaps = flow.record { coverage in
            coverage.lost(first)
            coverage.opened(second, to: "a", at: at(3000))
            return coverage.confirmed(subscriptions, on: second, at: at(3500))
        }
        #expect(gaps.count == 1)
        try deliver([event("1")], to: flow)
        #expect(
            sink.record.lines == [
                #"{"action":"gap","from":"1970-01-01T00:00:01.000000Z","to":"1970-01-01T00:00:03.500000Z","reason":"connection_lost","accounts":["009afc511c97b2ae693c6cc4920988e8"],"bindings":["call.*.*","object.*.*"]}"#,
                event("1"),
            ])
    }
}
