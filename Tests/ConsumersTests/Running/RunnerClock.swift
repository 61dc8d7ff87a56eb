import Synchronization

/// A clock that stands still until a test moves it.
final class RunnerClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private struct State {
        var now: Instant
        var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var lastID = 0
        var watchers: [(deadline: Instant, continuation: CheckedContinuation<Void, Never>)] = []
    }

    let start = Instant.now
    private let state: Mutex<State>

    init() { state = Mutex(State(now: start)) }

    var now: Instant { state.withLock(\.now) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (isOver, watchers) = state.withLock { state in
                    let watchers = state.watchers.filter { $0.deadline >= deadline }
                    state.watchers.removeAll { $0.deadline >= deadline }
                    if Task.isCancelled || deadline <= state.now { return (true, watchers) }
                    state.sleepers[id] = (deadline, continuation)
                    return (false, watchers)
                }
                if isOver { continuation.resume() }
                for watcher in watchers { watcher.continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
        try Task.checkCancellation()
    }

    /// Returns when somebody sleeps until this time after the start, or until an earlier one.
    func hasSleeper(until time: Duration) async {
        let deadline = start + time
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = state.sleepers.values.contains { $0.deadline <= deadline }
                if !isThere { state.watchers.append((deadline, continuation)) }
                return isThere
            }
            if isThere { continuation.resume() }
        }
    }

    /// Moves the clock to a time after the start, and wakes whoever has slept long enough.
    func move(to time: Duration) {
        let woken = state.withLock { state in
            state.now = start + time
            let woken = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in woken.keys { state.sleepers[id] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }
}
