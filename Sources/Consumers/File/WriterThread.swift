import Synchronization
import Threads

/// The thread of one actor, for work that blocks: on Swift's shared executors it would hold up everybody else.
final class WriterThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let wakeUp = Interruption()

    /// Starts the thread; it lives until ``stop()``.
    ///
    /// - Parameter name: at most 15 bytes, shown by `top -H` and debuggers.
    init(name: String) {
        BlockingThread.start(name) { [self] in
            while let jobs = next() {
                for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { state in
            precondition(!state.isStopped, "the thread outlives its actor")
            state.jobs.append(job)
        }
        wakeUp.wake()
    }

    /// Lets the thread end; nothing may be enqueued any more.
    func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp.wake()
    }

    /// Waits for work.
    ///
    /// - Returns: `nil` when there will be none any more.
    private func next() -> [UnownedJob]? {
        while true {
            let (jobs, isStopped) = state.withLock { state in
                defer { state.jobs = [] }
                return (state.jobs, state.isStopped)
            }
            if !jobs.isEmpty { return jobs }
            if isStopped { return nil }
            wakeUp.sleep(until: .now + .seconds(1_000_000))
        }
    }
}
