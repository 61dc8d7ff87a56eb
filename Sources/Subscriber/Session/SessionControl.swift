import Synchronization
import Threads

/// What others ask of a session that runs, from any thread.
///
/// One control serves one session.
public final class SessionControl: Sendable {
    /// What the session's thread sleeps on.
    let interruption = Interruption()
    private let isStateWanted = Atomic<Bool>(false)
    private let wanted = Mutex<[SessionConfiguration.Wanted]?>(nil)
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

    /// Wants these from now on instead of what was wanted before; of several changes in a row the last one counts.
    ///
    /// What stays is not touched on its connection, what is new is added to the connections that stand as far as these have
    /// room, and the events of what is gone come no more. The session reports ``SessionReport/changed(added:removed:)`` or
    /// ``SessionReport/changeRefused(_:)``, and ``SessionReport/ready(confirmed:refused:connections:)`` once the change is
    /// settled.
    public func want(_ wanted: [SessionConfiguration.Wanted]) {
        self.wanted.withLock { $0 = wanted }
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

    /// What is wanted instead, where that has changed since this was called the last time.
    func takeWanted() -> [SessionConfiguration.Wanted]? {
        wanted.withLock { wanted in
            defer { wanted = nil }
            return wanted
        }
    }

    /// The session's loop has turned, and so has everything that it relies on.
    func turned() { turnCount.add(1, ordering: .releasing) }
}
