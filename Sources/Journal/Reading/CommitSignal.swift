import Synchronization

/// Tells readers what has been committed, and wakes those that wait for more.
final class CommitSignal: Sendable {
    private struct State {
        /// The number of the last line that was committed.
        var last: UInt64 = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }

    private let state = Mutex(State())

    /// The number of the last line that was committed.
    var last: UInt64 { state.withLock(\.last) }

    /// Lines up to this one can be read.
    func publish(_ last: UInt64) {
        let waiters = state.withLock { state in
            state.last = last
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Wakes everybody who waits, because there may be something else for them.
    func wake() {
        let waiters = state.withLock { $0.takeWaiters() }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when there is a line behind a position, or ``wake()`` is called, or the task is cancelled.
    ///
    /// - Parameter isOver: whether there is nothing to wait for; looked at while nobody can wake in vain.
    func wait(after position: UInt64, unless isOver: () -> Bool) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    // Whoever publishes, wakes or cancels after this look finds the waiter, once the lock is free.
                    guard state.last <= position, !isOver(), !Task.isCancelled else { return false }
                    state.waiters[number] = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
