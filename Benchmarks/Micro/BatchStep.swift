import Blackhole
import Events

/// Received bytes through the WebSocket and Kazoo's protocol, into batches of which the duplicates are taken out.
///
/// A class, because what it holds cannot be copied.
final class BatchStep: Step {
    private var source: FrameSource
    private var dialect = BlackholeDialect(subscriptions: [])
    private var batch = EventBatch(connection: "ws://127.0.0.1:5555#1")

    init(events: [[UInt8]]) {
        source = FrameSource(events: events)
        _ = dialect.opened(token: nil, now: .now)
    }

    func run(_ total: Int) throws -> Int {
        var (events, result) = (0, 0)
        while events < total {
            let now = ContinuousClock.now
            batch.removeAll(keepingCapacity: true)
            source.receive { payload in
                let actions = dialect.received(payload, now: now, into: &batch)
                precondition(actions.isEmpty, "every message is an event")
            }
            var fingerprints: UInt64 = 0
            batch.discard { event in
                fingerprints &+= event.fingerprint ?? 0
                return false
            }
            events += batch.count
            result &+= batch.bytes.count &+ Int(fingerprints & 1)
        }
        return result
    }
}
