import Glibc
import Synchronization
import Threads

/// Looks after the old files on a thread of its own, so that nothing waits for it; the thread lives as long as there is
/// something to do.
final class OldFilesKeeper: Sendable {
    private struct State {
        /// The path that is written.
        var current: String?
        var isWanted = false
        var isRunning = false
        var isStopped = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let files: OldFiles
    private let isNeeded: Bool
    private let state = Mutex(State())

    init(
        pattern: PathPattern, rotation: FileConsumer.Rotation,
        notify: @escaping @Sendable (FileConsumer.Notice) -> Void
    ) {
        files = OldFiles(pattern: pattern, rotation: rotation, notify: notify)
        isNeeded = rotation.keep != nil || rotation.compresses
    }

    /// Names the path that is written from now on, which is no old file.
    func use(_ path: String) { state.withLock { $0.current = path } }

    /// Looks at the old files soon.
    func sweep() {
        guard isNeeded else { return }
        let mustStart = state.withLock { state in
            guard !state.isStopped else { return false }
            state.isWanted = true
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart else { return }
        BlockingThread.start("old files") { [self] in
            // Old files never compete with new events.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            while let directory = next() {
                files.sweep(
                    directory, current: { state.withLock { $0.current?.fileName } },
                    isStopped: { state.withLock { $0.isStopped } })
            }
        }
    }

    /// Ends what is under way, for the next start to do again, and returns when the thread has ended.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isRunning = state.withLock { state in
                state.isStopped = true
                if state.isRunning { state.waiting.append(continuation) }
                return state.isRunning
            }
            if !isRunning { continuation.resume() }
        }
    }

    /// - Returns: the directory that is to be looked at; `nil` when there is nothing to do any more.
    private func next() -> String? {
        let (directory, waiting) = state.withLock { state -> (String?, [CheckedContinuation<Void, Never>]) in
            if state.isWanted, !state.isStopped, let current = state.current {
                state.isWanted = false
                return (current.directory, [])
            }
            state.isRunning = false
            defer { state.waiting = [] }
            return (nil, state.waiting)
        }
        for continuation in waiting { continuation.resume() }
        return directory
    }
}
