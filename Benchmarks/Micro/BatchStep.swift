import Blackhole
import Events

/// Received bytes through the WebSocket and Kazoo's protocol, into batches, and what tells an event from its duplicates.
struct BatchStep: Step, ~Copyable {
    private var source: FrameSource

    init(events: [[UInt8]]) { source = FrameSource(events: events) }

    mutating func run(_ total: Int) throws -> Int {
        var dialect = BlackholeDialect(subscriptions: [])
        _ = dialect.opened(token: nil, now: .now)
        var batch = EventBatch(connection: "ws://127.0.0.1:5555#1")
        var fingerprints: [UInt64] = []
        var (events, result) = (0, 0)
        while events < total {
            let now = ContinuousClock.now
            batch.removeAll(keepingCapacity: true)
            source.receive { payload in
                let actions = dialect.received(payload, now: now, into: &batch)
                precondition(actions.isEmpty, "every message is an event")
            }
            batch.fingerprints(into: &fingerprints)
            events += batch.count
            result &+= batch.bytes.count &+ Int(fingerprints.reduce(0, &+) & 1)
        }
        return result
    }
}
