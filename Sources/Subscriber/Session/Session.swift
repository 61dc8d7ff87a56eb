import Threads

/// A subscription to a Kazoo cluster that lasts: it logs in, connects, subscribes, and does so again when it must.
///
/// One thread decides, and each connection has one of its own, from the socket to the sink.
public struct Session: Sendable {
    private let configuration: SessionConfiguration
    private let sink: any EventSink
    private let control: SessionControl
    private let report: @Sendable (SessionReport) -> Void

    /// Creates a session that has done nothing yet.
    ///
    /// - Parameters:
    ///   - sink: where the events go.
    ///   - control: through which others ask something of the session while it runs; it serves no other session.
    ///   - report: told what happens, on threads of the session; must not block.
    public init(
        _ configuration: SessionConfiguration, sink: any EventSink, control: SessionControl,
        report: @escaping @Sendable (SessionReport) -> Void
    ) {
        self.configuration = configuration
        self.sink = sink
        self.control = control
        self.report = report
    }

    /// Runs until the sink has enough, the control asks for the end, or the policy gives up; every thread that it has
    /// started has ended then.
    public func run() async -> SessionEnd {
        await BlockingThread.run("session") { [self] in
            var driver = SessionDriver(configuration: configuration, sink: sink, control: control, report: report)
            return driver.run()
        }
    }
}
