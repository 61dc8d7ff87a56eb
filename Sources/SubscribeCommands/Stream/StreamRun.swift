import ArgumentParser
import Consumers
import Events
import Logging
import Network
import Subscriber

/// One run of a session into standard output: everything that `stream` and `demo` have in common.
struct StreamRun {
    let options: OutputOptions
    let logging: LoggingOptions
    let logger: Logger

    /// How long a stopped program keeps writing to a reader that does not read.
    private static let grace = Duration.seconds(5)
    /// Room for several bursts, in bytes: the most that Linux gives to everybody.
    private static let pipeSize = 1 << 20

    /// Runs until the end, and throws the exit code where it is not 0.
    func run(_ configuration: SessionConfiguration) async throws {
        guard StandardDescriptors.isWritable(1) else {
            throw UsageError("standard output is closed: there is nowhere to print events to", exitCode: 74)
        }
        let control = SessionControl()
        Signals.listen { request in
            switch request {
            case .end: control.stop()
            case .state: control.reportState()
            case .reload: break
            }
        }
        let formatter = try options.formatter(
            host: configuration.server.host, colour: Terminal.wantsColour(1, logging.colour))
        let lossLine = { @Sendable (loss: Loss) in formatter.line(of: loss) }
        let output = StandardOutput(
            pipeSize: Self.pipeSize, lossLine: options.gaps ? lossLine : nil
        ) { [logger] notice in
            logger.report(notice)
            if case .ended = notice { control.stop() }
        }
        let outcome = StreamSink.Outcome()
        let sink = StreamSink(
            matches: try options.matches(), formatter: formatter,
            output: output, showsGaps: options.gaps,
            limits: StreamLimits(
                count: options.count, duration: options.duration?.duration, idle: options.wait?.duration, now: .now),
            outcome: outcome)
        let reporter = SessionReporter(logger: logger)
        let session = Session(configuration, sink: sink, control: control) { report in
            reporter.report(report)
            // From here on little is needed but the way from the socket to the sink.
            if case .ready = report { CodePages.release() }
        }
        let end = await run(session, into: output)
        let counts = output.counts
        logger.info("ended", metadata: .facts([.events: "\(counts.written)", .dropped: "\(counts.dropped)"]))
        logger.reportEnd(of: output)
        try check(end, reason: outcome.reason, ending: output.ending)
    }

    /// The session and the writer side by side; when the session has ended, what waits is written.
    private func run(_ session: Session, into output: StandardOutput) async -> SessionEnd {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await output.run() }
            let end = await session.run()
            // Whoever asked for an end does not wait for a reader that has stopped reading.
            output.finish(by: Signals.received == nil ? nil : .now + Self.grace)
            await group.waitForAll()
            return end
        }
    }

    /// Turns the way it ended into an exit code.
    private func check(_ end: SessionEnd, reason: StreamLimits.Reason?, ending: StandardOutput.Ending?) throws {
        if case .failed = ending { throw ExitCode.inputOutput }
        if let signal = Signals.received { throw ExitCode.signal(signal) }
        if case .failed(let failure) = end {
            logger.error("\(failure.message)")
            throw ExitCode(failure)
        }
        if reason == .idle { throw ExitCode.timedOut }
    }
}
