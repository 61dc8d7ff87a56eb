import Events
import Subscriber
import Synchronization

/// What a session has brought so far; looked at by several threads.
final class Arrivals: Sendable {
    private struct State {
        var times: [String: Int] = [:]
        var gaps: [Gap] = []
    }

    private let state = Mutex(State())

    /// How often each event came.
    var times: [String: Int] { state.withLock { $0.times } }
    /// What was declared missing.
    var gaps: [Gap] { state.withLock { $0.gaps } }
    /// How many events came, and how many gaps were declared.
    var counts: (events: Int, gaps: Int) { state.withLock { ($0.times.count, $0.gaps.count) } }

    /// Whether an event came.
    func contains(_ id: String) -> Bool { state.withLock { $0.times[id] != nil } }

    fileprivate func add(_ batch: EventBatch) {
        let ids = batch.map { $0.eventID ?? "without id: \(String(decoding: $0.json, as: UTF8.self))" }
        state.withLock { state in
            for id in ids { state.times[id, default: 0] += 1 }
        }
    }

    fileprivate func add(_ gap: Gap) { state.withLock { $0.gaps.append(gap) } }
}

/// Keeps what a session brings.
struct TrialSink: EventSink {
    let arrivals: Arrivals

    var deadline: ContinuousClock.Instant? { nil }

    mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        arrivals.add(batch)
        return .more
    }

    mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) { arrivals.add(gap) }

    mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }
}
