import Glibc
import Synchronization
import Threads

/// What others ask of the program by signals: SIGINT and SIGTERM for an orderly end, the second of them for one at once;
/// SIGUSR1 for the state; SIGHUP, where somebody listens to it, to read the configuration again.
///
/// A handler can do next to nothing by itself: it leaves a note, and a thread reads it.
enum Signals {
    /// What is asked for.
    enum Request: Sendable {
        case end
        case state
        case reload
    }

    private final class Notes: Sendable {
        let received = Atomic<Int32>(0)
        let isStateWanted = Atomic<Bool>(false)
        let isReloadWanted = Atomic<Bool>(false)
        let interruption = Interruption()
    }

    /// Set once, before the first signal can arrive.
    nonisolated(unsafe) private static var notes: Notes?

    /// Listens from now on, for as long as the program lives; makes a closed pipe an error instead of a death.
    ///
    /// - Parameters:
    ///   - hearsHangUp: whether SIGHUP is a request; else it ends the program, as it does where a terminal is closed.
    ///   - tell: told what is asked for, once for several requests that came together; on a thread of its own.
    static func listen(hearsHangUp: Bool = false, tell: @escaping @Sendable (Request) -> Void) {
        precondition(notes == nil, "signals have one receiver")
        let notes = Notes()
        self.notes = notes
        for number in [SIGINT, SIGTERM, SIGUSR1] + (hearsHangUp ? [SIGHUP] : []) { signal(number, note) }
        signal(SIGPIPE, SIG_IGN)
        BlockingThread.start("signals") {
            var hasEnded = false
            while true {
                notes.interruption.sleep(until: .now + .seconds(1_000_000))
                if !hasEnded, notes.received.load(ordering: .acquiring) != 0 {
                    hasEnded = true
                    tell(.end)
                }
                if notes.isStateWanted.exchange(false, ordering: .acquiringAndReleasing) { tell(.state) }
                if notes.isReloadWanted.exchange(false, ordering: .acquiringAndReleasing) { tell(.reload) }
            }
        }
    }

    /// The signal that asked for the end; `nil` as long as none has.
    static var received: Int32? {
        let number = notes?.received.load(ordering: .acquiring) ?? 0
        return number == 0 ? nil : number
    }

    /// Does only what is safe in a signal handler: atomics, `send`, `_exit`.
    private static let note: @convention(c) (Int32) -> Void = { number in
        guard let notes else { return }
        let saved = errno
        defer { errno = saved }
        switch number {
        case SIGUSR1: notes.isStateWanted.store(true, ordering: .releasing)
        case SIGHUP: notes.isReloadWanted.store(true, ordering: .releasing)
        default:
            if notes.received.exchange(number, ordering: .acquiringAndReleasing) != 0 { _exit(128 + number) }
        }
        notes.interruption.wake()
    }
}
