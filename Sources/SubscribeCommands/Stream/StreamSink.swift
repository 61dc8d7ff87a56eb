import Consumers
import Events
import Subscriber
import Synchronization

/// From the session to standard output: selects, counts, formats, and hands over whole lines.
struct StreamSink: EventSink {
    private let matches: [EventMatch]
    private let formatter: EventFormatter
    private let output: StandardOutput
    private let showsGaps: Bool
    private var limits: StreamLimits
    private let outcome: Outcome
    private var text: [UInt8] = []

    /// Why the sink had enough, for whoever waits for the session's end.
    final class Outcome: Sendable {
        private let value = Mutex<StreamLimits.Reason?>(nil)

        /// Why the stream ended by its own limits; `nil` when it did not.
        var reason: StreamLimits.Reason? {
            get { value.withLock(\.self) }
            set { value.withLock { $0 = newValue } }
        }
    }

    init(
        matches: [EventMatch], formatter: EventFormatter, output: StandardOutput, showsGaps: Bool,
        limits: StreamLimits, outcome: Outcome
    ) {
        self.showsGaps = showsGaps
        self.matches = matches
        self.formatter = formatter
        self.output = output
        self.limits = limits
        self.outcome = outcome
    }

    var deadline: ContinuousClock.Instant? { limits.deadline }

    mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        if !matches.isEmpty { batch.keep(matching: matches) }
        let wanted = limits.admit(batch.count, now: now)
        if wanted < batch.count { batch = batch.prefix(lines: wanted) }
        write(batch)
        return verdict
    }

    mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) {
        guard showsGaps, limits.reason == nil else { return }
        var batch = EventBatch(receivedAt: .now)
        batch.append(notice: gap.notice)
        write(batch)
    }

    private mutating func write(_ batch: EventBatch) {
        formatter.withText(of: batch, in: &text) { [output] in
            output.deliver($0, events: batch.count, receivedAt: batch.receivedAt)
        }
    }

    mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict {
        limits.tick(now: now)
        return verdict
    }

    private var verdict: SinkVerdict {
        guard let reason = limits.reason else { return .more }
        outcome.reason = reason
        return .enough
    }
}
