public import Threads

/// A subscription to a Kazoo cluster that lasts: it logs in, connects, subscribes, and does so again when it must.
///
/// Everything happens on one thread of its own, from the socket to the sink.
public struct Session: Sendable {
    private let configuration: SessionConfiguration
    private let sink: any EventSink
    private let interruption: Interruption
    private let report: @Sendable (SessionReport) -> Void

    /// Creates a session that has done nothing yet.
    ///
    /// - Parameters:
    ///   - sink: where the events go.
    ///   - interruption: ends the session in an orderly way when raised.
    ///   - report: told what happens, on the session's thread; must not block.
    public init(
        _ configuration: SessionConfiguration, sink: any EventSink, interruption: Interruption,
        report: @escaping @Sendable (SessionReport) -> Void
    ) {
        self.configuration = configuration
        self.sink = sink
        self.interruption = interruption
        self.report = report
    }

    /// Runs until the sink has enough, the interruption is raised, or the policy gives up.
    public func run() async -> SessionEnd {
        await BlockingThread.run("session") { [self] in
            do {
                var driver = try SessionDriver(
                    configuration: configuration, sink: sink, interruption: interruption, report: report)
                return driver.run()
            } catch {
                return .failed(SessionFailure(error))
            }
        }
    }
}
