import Glibc

/// A thread of one's own, for work that blocks: it would hold up Swift's shared executors.
public enum BlockingThread {
    /// Runs `body` on a new thread and suspends until it has returned.
    ///
    /// Cancelling the surrounding task does not end the thread; whoever starts one has an ``Interruption`` for that.
    ///
    /// - Parameters:
    ///   - name: at most 15 bytes, shown by `top -H` and debuggers.
    ///   - body: the work.
    /// - Returns: what `body` returned.
    public static func run<Result: Sendable>(
        _ name: String, _ body: @escaping @Sendable () -> sending Result
    ) async -> sending Result {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result, Never>) in
            start(name) { continuation.resume(returning: body()) }
        }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread; whoever starts it sees to it that it ends.
    ///
    /// - Parameter name: at most 15 bytes, shown by `top -H` and debuggers.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let work = Unmanaged.passRetained(
            Work {
                nameCurrentThread(name)
                body()
            })
        let status = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        precondition(status == 0, "no thread can be created: error \(status)")
    }

    /// What `pthread_setname_np` does, which Swift's Glibc does not show. A thread without a name works as well.
    private static func nameCurrentThread(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, min(name.utf8.count, 15))
        close(file)
    }
}
