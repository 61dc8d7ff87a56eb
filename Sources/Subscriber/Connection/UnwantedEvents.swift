import Blackhole
import Events

/// Keeps out the events of subscriptions that a connection has and nobody wants any longer.
///
/// Kazoo goes on sending them, because nothing is unsubscribed: an unsubscribe takes the listener from other sessions, and
/// in Kazoo 5 from other subscriptions of the same session (`bh_events.erl`, remove_event_bindings_fold/2).
struct UnwantedEvents: Sendable {
    /// A list, which takes no room of its own as long as it is the one that was given; each is in it once.
    private var wanted: [Subscription]
    private var gone: Set<Subscription> = []
    /// Those that are gone, and behind them those that are wanted; `nil` when they have changed since.
    private var index: BindingIndex?

    /// - Parameter wanted: what the connection is to subscribe to.
    init(wanted: [Subscription]) { self.wanted = wanted }

    /// These are wanted as well.
    mutating func add(_ subscriptions: [Subscription]) {
        var known = Set(wanted)
        wanted += subscriptions.filter { known.insert($0).inserted }
        gone.subtract(subscriptions)
        index = nil
    }

    /// These are not wanted any longer.
    mutating func remove(_ subscriptions: Set<Subscription>) {
        wanted.removeAll { subscriptions.contains($0) }
        gone.formUnion(subscriptions)
        index = nil
    }

    /// Takes out the events that stand for something that is gone, and for nothing that is wanted.
    mutating func discard(from batch: inout EventBatch) {
        guard !gone.isEmpty else { return }
        let index = index ?? BindingIndex((Array(gone) + wanted).map { EventSelector($0) })
        self.index = index
        var found: [Int] = []
        var unwanted: [Int] = []
        batch.bytes.withUnsafeBytes { bytes in
            for (position, line) in batch.lines.enumerated() {
                index.find(line, in: bytes, into: &found)
                if !found.isEmpty, found.allSatisfy({ $0 < gone.count }) { unwanted.append(position) }
                found.removeAll(keepingCapacity: true)
            }
        }
        batch.discard(unwanted)
    }
}
