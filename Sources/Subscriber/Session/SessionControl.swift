import Synchronization
import Threads

/// What others ask of a session that runs, from any thread.
///
/// One control serves one session.
public final class SessionControl: Sendable {
    /// What the session's thread sleeps on.
    let interruption = Interruption()
    private let isStateWanted = Atomic<Bool>(false)
    private let turnCount = Atomic<Int>(0)

    /// Creates a control that asks for nothing.
    public init() {}

    /// Ends the session in an orderly way. Safe in a signal handler.
    public func stop() { interruption.raise() }

    /// Whether the session was asked to end.
    public var isStopped: Bool { interruption.isRaised }

    /// Lets the session report its state. Safe in a signal handler.
    public func reportState() {
        isStateWanted.store(true, ordering: .releasing)
        interruption.wake()
    }

    /// Asks the session's loop for a sign of life: ``turns`` grows soon, where all is well. Safe in a signal handler.
    public func prod() { interruption.wake() }

    /// How often the session's loop has turned while every connection's thread was turning too; 0 before it runs.
    ///
    /// Whoever watches the session looks at it, calls ``prod()``, and looks again after a while: where it has not grown,
    /// some thread hangs, be it in the sink.
    public var turns: Int { turnCount.load(ordering: .acquiring) }

    // MARK: The session's side

    /// Whether the state has been asked for since this was called the last time.
    func takeStateRequest() -> Bool { isStateWanted.exchange(false, ordering: .acquiringAndReleasing) }

    /// The session's loop has turned, and so has everything that it relies on.
    func turned() { turnCount.add(1, ordering: .releasing) }
}
