import Blackhole
import Events
import Subscriber
import Synchronization

/// Batches through the router: one consumer wants everything, and 1,000 want what never comes, half of them by their
/// bindings and half by the value of a key.
struct RouteStep: Step {
    private static let linesPerBatch = 64

    private let router: Router
    private let batches: [EventBatch]
    private let offered = Counter()

    private final class Counter: Sendable {
        let events = Mutex(0)
    }

    init(events: [[UInt8]]) throws {
        batches = try stride(from: 0, to: events.count, by: Self.linesPerBatch).map { first in
            var batch = EventBatch(connection: "ws://127.0.0.1:5555#1")
            for event in events[first..<min(first + Self.linesPerBatch, events.count)] {
                try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
            }
            return batch
        }
        let everything = Route { [offered] batch in offered.events.withLock { $0 += batch.count } }
        let bound = try (0..<500).map { Route(bindings: [try Binding("call.*.id\($0)")]) { _ in } }
        let matching = try (0..<500).map { Route(matches: [try EventMatch("data.account_id=other\($0)")]) { _ in } }
        router = Router([everything] + bound + matching)
    }

    func run(_ total: Int) throws -> Int {
        var (number, routed) = (0, 0)
        while routed < total {
            var batch = batches[number % batches.count]
            routed += batch.count
            number += 1
            _ = router.receive(&batch, now: .now)
        }
        return offered.events.withLock { $0 }
    }
}
