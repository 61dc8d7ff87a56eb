import Blackhole
import Events
import Synchronization

/// From all connections into the one sink: numbers the events, drops duplicates, and knows the gaps.
///
/// Connections deliver whole bursts, each on its own thread; one lock keeps the order of numbers, gaps and events.
final class EventFlow: Sendable {
    private struct State: ~Copyable {
        var sink: any EventSink
        /// The number of the next event.
        var sequence: UInt64
        var recent: RecentEvents
        var coverage = Coverage()
        // Kept between batches, so that nothing is allocated for one.
        private var fingerprints: [UInt64] = []
        private var repeated: [Int] = []

        init(sink: any EventSink, sequence: UInt64, recent: consuming RecentEvents) {
            self.sink = sink
            self.sequence = sequence
            self.recent = recent
        }

        /// Takes out the events that have been seen lately.
        mutating func discardRepeated(from batch: inout EventBatch) {
            batch.fingerprints(into: &fingerprints)
            recent.insert(fingerprints, repeated: &repeated)
            batch.discard(repeated)
            repeated.removeAll(keepingCapacity: true)
        }
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - firstSequence: the number of the first event.
    ///   - window: how many events are remembered at the least to recognise duplicates.
    init(sink: any EventSink, firstSequence: UInt64 = 1, window: Int = 16_384) {
        state = Mutex(State(sink: sink, sequence: firstSequence, recent: RecentEvents(capacity: window)))
    }

    // MARK: Events

    /// Hands on what a burst has brought.
    func deliver(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        guard !batch.isEmpty else { return .more }
        return state.withLock { state in
            state.discardRepeated(from: &batch)
            batch.firstSequence = state.sequence
            state.sequence = batch.nextSequence
            return batch.isEmpty ? .more : state.sink.receive(&batch, now: now)
        }
    }

    /// When ``tick(now:)`` is due.
    var deadline: ContinuousClock.Instant? { state.withLock { $0.sink.deadline } }

    /// Lets the sink do what is due.
    func tick(now: ContinuousClock.Instant) -> SinkVerdict {
        state.withLock { state in
            guard let deadline = state.sink.deadline, deadline <= now else { return .more }
            return state.sink.tick(now: now)
        }
    }

    // MARK: Gaps

    /// Tells the coverage what has happened; the gaps that end by it go to the sink, before the events that follow.
    ///
    /// - Returns: the gaps.
    func record(_ happening: (inout Coverage) -> [Gap]) -> [Gap] {
        state.withLock { state in
            let gaps = happening(&state.coverage)
            for gap in gaps { state.sink.missed(gap, now: .now) }
            return gaps
        }
    }

    /// Tells the coverage what has happened, or asks it something.
    func coverage<Answer: Sendable>(_ body: (inout Coverage) -> Answer) -> Answer {
        state.withLock { body(&$0.coverage) }
    }
}
