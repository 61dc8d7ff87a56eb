import Blackhole
import Events

/// From one connection after the other into the sink: numbers the events, drops duplicates, and knows the gaps.
struct EventFlow: Sendable {
    private var sink: any EventSink
    /// The number of the next event.
    private var sequence: UInt64 = 1
    private var recent = RecentEvents()
    private var ledger = GapLedger()

    init(sink: any EventSink) { self.sink = sink }

    /// When ``tick(now:)`` is due.
    var deadline: ContinuousClock.Instant? { sink.deadline }

    /// Prepares a batch for the events of the next burst.
    func prepare(_ batch: inout EventBatch) {
        batch.removeAll(keepingCapacity: true)
        batch.receivedAt = .now
        batch.firstSequence = sequence
    }

    /// Hands on what a burst has brought.
    mutating func deliver(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        guard !batch.isEmpty else { return .more }
        batch.discard { event in event.fingerprint.map { !recent.insert($0) } ?? false }
        sequence = batch.nextSequence
        return batch.isEmpty ? .more : sink.receive(&batch, now: now)
    }

    /// Lets the sink do what is due.
    mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { sink.tick(now: now) }

    /// The server was heard.
    mutating func heard(at now: Timestamp) { ledger.heard(at: now) }

    /// The connection is lost.
    mutating func lost() { ledger.lost() }

    /// Events flow: from here on nothing is missed.
    ///
    /// - Returns: the gap that ends here, if there was one.
    mutating func ready(
        at timestamp: Timestamp, subscriptions: [Subscription], now: ContinuousClock.Instant
    ) -> Gap? {
        guard let (from, to) = ledger.ready(at: timestamp) else { return nil }
        let gap = Gap(
            from: from, to: to, reason: .connectionLost,
            accounts: subscriptions.map(\.account).withoutRepetitions,
            bindings: subscriptions.map(\.binding).withoutRepetitions)
        sink.missed(gap, now: now)
        return gap
    }
}

extension Array where Element: Hashable {
    /// Each element once, in the order of their first occurrence.
    fileprivate var withoutRepetitions: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
