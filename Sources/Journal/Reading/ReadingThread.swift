import Synchronization
import Threads

/// A thread for the work of actors that read from the disk: it would hold up Swift's shared threads.
final class ReadingThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isRunning = false
        var isEnding = false
    }

    private let state = Mutex(State())
    private let alarm = Interruption()

    /// Takes a job of an actor, and starts the thread where it is not running.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isStarted = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isStarted {
            BlockingThread.start("journal-read") { [self] in run() }
        } else {
            alarm.wake()
        }
    }

    /// Lets the thread end when it has nothing more to do.
    func end() {
        state.withLock { $0.isEnding = true }
        alarm.wake()
    }

    private func run() {
        while true {
            let (jobs, isOver) = state.withLock { state in
                defer { state.jobs = [] }
                let isOver = state.jobs.isEmpty && state.isEnding
                if isOver { state.isRunning = false }
                return (state.jobs, isOver)
            }
            if isOver { return }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if jobs.isEmpty { alarm.sleep(until: .now + .seconds(3600)) }
        }
    }
}
