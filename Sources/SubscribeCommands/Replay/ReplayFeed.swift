import Consumers
import Events
import Synchronization
import Threads

/// What is replayed to one consumer: those of the recorded events that it wants, at their pace, as fast as it takes them.
///
/// Nothing is remembered: the events are where they were, and can be replayed again.
final class ReplayFeed: Feed {
    private struct State {
        var source: any ReplaySource
        var pace: ReplayPace
        /// What was read last, and how many lines of it have been handed out.
        var batch = EventBatch()
        var position = 0
        /// The numbers of what was handed out and is not acknowledged.
        var taken: [UInt64] = []
        var progress = Progress()
        /// Why it could not be read on.
        var failure: (any Error)?
    }

    /// How far it is.
    struct Progress: Equatable, Sendable {
        /// Events that were handed out.
        var events = 0
        /// How much has been read, 0 to 1; `nil` where nobody knows.
        var fraction: Double? = 0
        /// Whether everything has been handed out.
        var isExhausted = false
    }

    private let state: Mutex<State>
    private let select: @Sendable (EventBatch) -> EventBatch
    private let interruption = Interruption()

    /// Creates a feed.
    ///
    /// - Parameters:
    ///   - source: where the events come from.
    ///   - pace: when they are due.
    ///   - select: those that the consumer wants.
    init(
        _ source: sending any ReplaySource, pace: ReplayPace, select: @escaping @Sendable (EventBatch) -> EventBatch
    ) {
        state = Mutex(State(source: source, pace: pace))
        self.select = select
    }

    // MARK: Out

    func next(limit: Int) async -> EventBatch? {
        await withTaskCancellationHandler {
            // Files block, and so does waiting for a moment that somebody may cut short.
            await BlockingThread.run("replay") { [self] in take(limit: limit) }
        } onCancel: {
            finish()
        }
    }

    private func take(limit: Int) -> EventBatch? {
        while !interruption.isRaised {
            let outcome = state.withLock { state in
                do {
                    return try Self.step(&state, limit: limit, now: .now, select)
                } catch {
                    state.failure = error
                    return .end
                }
            }
            switch outcome {
            case .lines(let batch): return batch
            case .wait(let instant): interruption.sleep(until: instant)
            case .end: return nil
            }
        }
        return nil
    }

    private enum Outcome: Sendable {
        case lines(EventBatch)
        case wait(until: ContinuousClock.Instant)
        case end
    }

    private static func step(
        _ state: inout State, limit: Int, now: ContinuousClock.Instant, _ select: (EventBatch) -> EventBatch
    ) throws -> Outcome {
        while state.position == state.batch.count {
            guard let batch = try state.source.next() else {
                state.progress.isExhausted = true
                state.progress.fraction = 1
                return .end
            }
            state.progress.fraction = state.source.fraction
            (state.batch, state.position) = (select(batch), 0)
        }
        let (batch, start) = (state.batch, state.position)
        let due = start + state.pace.due(of: batch[start...].lazy.map(\.receivedAt), now: now)
        guard due > start else { return .wait(until: state.pace.instant(of: batch[start].receivedAt, now: now)) }
        state.position = batch.end(of: start..<due, limit: limit)
        let part = batch.slice(start..<state.position)
        state.taken += part.map(\.sequence)
        state.progress.events += part.lines.count { $0.kind != .notice }
        return .lines(part)
    }

    func acknowledge(through sequence: UInt64) {
        state.withLock { state in
            let done = state.taken.firstIndex { $0 > sequence } ?? state.taken.count
            state.taken.removeFirst(done)
        }
    }

    var lag: Lag { state.withLock { Lag(events: $0.taken.count, oldest: nil) } }

    // MARK: Ending

    /// Nothing more is handed out.
    func finish() { interruption.raise() }

    /// How far it is.
    var progress: Progress { state.withLock(\.progress) }

    /// Why it could not be read to its end; `nil` when it could.
    func check() throws {
        if let failure = state.withLock({ state in state.failure.map { "\($0)" } }) {
            throw UsageError(failure, exitCode: 65)
        }
    }
}

extension EventBatch {
    /// The position after as many of some lines as have room, at least one.
    fileprivate func end(of positions: Range<Int>, limit: Int) -> Int {
        var end = positions.lowerBound + 1
        while end < positions.upperBound, textSize(of: positions.lowerBound..<(end + 1)) <= limit { end += 1 }
        return end
    }
}
