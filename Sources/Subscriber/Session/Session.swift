public import Threads

/// A subscription to a Kazoo cluster that lasts: it logs in, connects, subscribes, and does so again when it must.
///
/// One thread decides, and each connection has one of its own, from the socket to the sink.
public struct Session: Sendable {
    private let configuration: SessionConfiguration
    private let sink: any EventSink
    private let interruption: Interruption
    private let isStateWanted: @Sendable () -> Bool
    private let report: @Sendable (SessionReport) -> Void

    /// Creates a session that has done nothing yet.
    ///
    /// - Parameters:
    ///   - sink: where the events go.
    ///   - interruption: ends the session in an orderly way when raised; no other thread may sleep on it.
    ///   - isStateWanted: asked whenever the interruption wakes the session; where somebody wants to know, the state is
    ///     reported.
    ///   - report: told what happens, on threads of the session; must not block.
    public init(
        _ configuration: SessionConfiguration, sink: any EventSink, interruption: Interruption,
        isStateWanted: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (SessionReport) -> Void
    ) {
        self.configuration = configuration
        self.sink = sink
        self.interruption = interruption
        self.isStateWanted = isStateWanted
        self.report = report
    }

    /// Runs until the sink has enough, the interruption is raised, or the policy gives up; every thread that it has
    /// started has ended then.
    public func run() async -> SessionEnd {
        await BlockingThread.run("session") { [self] in
            var driver = SessionDriver(
                configuration: configuration, sink: sink, interruption: interruption, isStateWanted: isStateWanted,
                report: report)
            return driver.run()
        }
    }
}
