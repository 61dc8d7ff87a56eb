import Glibc
import Synchronization
import Threads

/// What signals do: the first SIGINT or SIGTERM asks for an orderly end, the second one ends at once; SIGUSR1 asks for the
/// state.
enum Signals {
    private final class Shared: Sendable {
        let received = Atomic<Int32>(0)
        let isStateWanted = Atomic<Bool>(false)
        let interruption: Interruption
        init(_ interruption: Interruption) { self.interruption = interruption }
    }

    /// Set once, before the first signal can arrive.
    nonisolated(unsafe) private static var shared: Shared?

    /// Lets SIGINT and SIGTERM raise the interruption, lets SIGUSR1 wake it, and makes a closed pipe an error instead of a death.
    static func raise(_ interruption: Interruption) {
        precondition(shared == nil, "signals have one receiver")
        shared = Shared(interruption)
        for number in [SIGINT, SIGTERM, SIGUSR1] { signal(number, handle) }
        signal(SIGPIPE, SIG_IGN)
    }

    /// The signal that arrived; `nil` as long as none has.
    static var received: Int32? {
        let number = shared?.received.load(ordering: .acquiring) ?? 0
        return number == 0 ? nil : number
    }

    /// Whether SIGUSR1 has come since this was asked the last time.
    static func takeStateRequest() -> Bool {
        shared?.isStateWanted.exchange(false, ordering: .acquiringAndReleasing) ?? false
    }

    /// Does only what is safe in a signal handler: atomics, `send`, `_exit`.
    private static let handle: @convention(c) (Int32) -> Void = { number in
        guard let shared else { return }
        let saved = errno
        defer { errno = saved }
        if number == SIGUSR1 {
            shared.isStateWanted.store(true, ordering: .releasing)
            return shared.interruption.wake()
        }
        if shared.received.exchange(number, ordering: .acquiringAndReleasing) != 0 { _exit(128 + number) }
        shared.interruption.raise()
    }
}
