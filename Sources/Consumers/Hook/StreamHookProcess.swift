import Glibc
import Subprocess
import Synchronization
import SystemPackage
import Threads

/// One life of the process of a hook of `mode: stream`.
///
/// It runs in a task of its own, because it outlives the call that starts it; whoever has this ends it.
final class StreamHookProcess: Sendable {
    /// When it was started.
    let begin = ContinuousClock.now
    private let pipe: Mutex<StreamPipe?>
    /// Raised when it has ended.
    private let interruption: Interruption
    private let life: Task<String, Never>

    /// Starts the process.
    ///
    /// - Throws: why there is no pipe for it. That it cannot be started shows itself as its end.
    init(_ process: HookProcess, hear: @escaping @Sendable ([String]) -> Void) throws(ConsumerFailure) {
        try process.checkSize()
        guard let pipe = StreamPipe() else {
            throw ConsumerFailure(.retry, "there is no pipe for the hook: \(String(cString: strerror(errno)))")
        }
        let interruption = Interruption()
        let input = FileDescriptor(rawValue: pipe.readEnd)
        life = Task {
            defer { interruption.raise() }
            do throws(ConsumerFailure) {
                let ending = try await process.run(
                    input: .fileDescriptor(input, closeAfterSpawningProcess: true), hear: hear)
                return switch ending.status {
                case .exited(let code): "it ended with exit status \(code)"
                case .signaled(let number): "it was ended by signal \(number)"
                }
            } catch {
                return error.description
            }
        }
        self.interruption = interruption
        self.pipe = Mutex(pipe)
    }

    deinit { life.cancel() }

    /// Whether it has ended, or is not to be written to any more.
    var hasEnded: Bool { interruption.isRaised }

    /// How many bytes it has not read.
    var unread: Int { pipe.withLock { $0?.unread ?? 0 } }

    /// Writes lines to it, on a thread of its own; cancelling the task interrupts this.
    ///
    /// - Returns: how it ended, and how many bytes were written.
    func write(_ bytes: [UInt8], patience: Duration) async -> (outcome: StreamPipe.Outcome, count: Int) {
        guard let pipe = pipe.withLock({ $0 }), !hasEnded else { return (.broken, 0) }
        return await withTaskCancellationHandler {
            await BlockingThread.run("stream hook") { [interruption] in
                pipe.write(bytes[...], patience: patience, interruption: interruption)
            }
        } onCancel: {
            interruption.raise()
        }
    }

    /// Makes it end: TERM to its group, and KILL after the grace period.
    ///
    /// - Returns: how it ended, and how many bytes it has not read.
    func end() async -> (String, unread: Int) {
        life.cancel()
        return (await life.value, unread)
    }

    /// Lets it read what there is, and end by itself within the grace period; then makes it end.
    ///
    /// - Returns: how it ended, and how many bytes it has not read.
    func finish(within grace: Duration) async -> (String, unread: Int) {
        let witness = pipe.withLock { pipe in
            let witness = pipe?.witness() ?? -1
            // With its last owner gone it is closed, and the process sees the end of its input.
            pipe = nil
            return witness
        }
        defer { if witness >= 0 { close(witness) } }
        let life = life
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await life.value }
            group.addTask {
                do {
                    try await ContinuousClock().sleep(for: grace)
                    life.cancel()
                } catch {}
            }
            await group.next()
            group.cancelAll()
        }
        return (await life.value, witness < 0 ? 0 : StreamPipe.unread(at: witness))
    }
}
