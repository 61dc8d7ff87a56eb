import Glibc
import Synchronization
import Threads

/// What SIGINT and SIGTERM do: the first one asks for an orderly end, the second one ends at once.
enum Signals {
    private final class Shared: Sendable {
        let received = Atomic<Int32>(0)
        let interruption: Interruption
        init(_ interruption: Interruption) { self.interruption = interruption }
    }

    /// Set once, before the first signal can arrive.
    nonisolated(unsafe) private static var shared: Shared?

    /// Lets SIGINT and SIGTERM raise the interruption, and makes a closed pipe an error instead of a death.
    static func raise(_ interruption: Interruption) {
        precondition(shared == nil, "signals have one receiver")
        shared = Shared(interruption)
        for number in [SIGINT, SIGTERM] { signal(number, handle) }
        signal(SIGPIPE, SIG_IGN)
    }

    /// The signal that arrived; `nil` as long as none has.
    static var received: Int32? {
        let number = shared?.received.load(ordering: .acquiring) ?? 0
        return number == 0 ? nil : number
    }

    /// Does only what is safe in a signal handler: atomics, `send`, `_exit`.
    private static let handle: @convention(c) (Int32) -> Void = { number in
        guard let shared else { return }
        if shared.received.exchange(number, ordering: .acquiringAndReleasing) != 0 { _exit(128 + number) }
        let saved = errno
        shared.interruption.raise()
        errno = saved
    }
}
