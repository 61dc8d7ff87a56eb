import Events
import Journal
import Subscriber

/// From the session into the journal, where consumers read by themselves.
struct JournalSink: EventSink {
    let journal: Journal

    mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        journal.append(batch)
        return .more
    }

    mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) {
        journal.record(
            JournalGap(from: gap.from, to: gap.to, reason: gap.reason.description, notice: gap.notice))
    }

    /// Never has anything to do by the clock.
    mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }

    /// Never.
    var deadline: ContinuousClock.Instant? { nil }
}
