import ArgumentParser
import Consumers
import Events
import Logging
import Network
import Settings
import Subscriber
import Synchronization

/// Consumers at work on recorded events, until each has got everything or somebody asks for the end.
struct ReplayRun {
    private struct Part: Sendable {
        let name: String
        let feed: ReplayFeed
        let outlet: any Outlet
    }

    private let logging: LoggingOptions
    private let logger: Logger
    private var parts: [Part] = []
    private let output = Output()

    /// What is known about standard output.
    private final class Output: Sendable {
        private let isRead = Atomic(true)

        /// Whether somebody may still read it.
        var hasReader: Bool {
            get { isRead.load(ordering: .acquiring) }
            set { isRead.store(newValue, ordering: .releasing) }
        }
    }

    /// How long consumers may go on with what they have begun after somebody has asked for the end.
    private static let grace = Duration.seconds(5)

    init(logging: LoggingOptions, logger: Logger) {
        self.logging = logging
        self.logger = logger
    }

    /// Adds a consumer of a config file.
    mutating func add(
        _ consumer: ConsumerSettings, of settings: Settings, source: sending any ReplaySource, speed: Double?
    ) throws {
        let filter = try consumer.filter()
        let name = consumer.name.value
        let feed = feed(source, speed, filter)
        let site = try OutletSite(
            consumer, host: settings.kazoo.serverURL().host, deadLetters: StateDirectory(of: settings).deadLetters,
            source: .replay(feed), logger: logger)
        parts.append(Part(name: name, feed: feed, outlet: try consumer.outletType.outlet(at: site)))
    }

    /// Adds standard output.
    mutating func addStandardOutput(
        _ formatter: EventFormatter, filter: RouteFilter, source: sending any ReplaySource, speed: Double?
    ) throws {
        guard StandardDescriptors.isWritable(1) else {
            throw UsageError("standard output is closed: there is nowhere to print events to", exitCode: 74)
        }
        let feed = feed(source, speed, filter)
        // A reader that has gone, such as head, has read what it wanted: that is said by nobody.
        let consumer = StandardOutputConsumer(formatter: formatter) { [logger, output] notice in
            if case .ended(.readerGone) = notice { output.hasReader = false } else { logger.report(notice) }
        }
        let outlet = BatchOutlet(consumer, policy: DeliveryPolicy(), intake: Intake(from: feed)) {
            [logger, output] notice in
            if output.hasReader { logger.report(notice) }
        }
        parts.append(Part(name: "standard output", feed: feed, outlet: outlet))
    }

    private func feed(_ source: sending any ReplaySource, _ speed: Double?, _ filter: RouteFilter) -> ReplayFeed {
        ReplayFeed(source, pace: ReplayPace(speed: speed)) { filter($0) }
    }

    // MARK: At work

    /// Works until the end.
    ///
    /// - Throws: the exit code, where not everything was delivered.
    func run() async throws {
        Signals.listen { [parts] request in
            guard request == .end else { return }
            for part in parts { part.outlet.finish(by: .now + Self.grace) }
        }
        await withTaskGroup(of: Bool.self) { group in
            for part in parts {
                group.addTask {
                    await part.outlet.run()
                    return true
                }
            }
            group.addTask {
                await showProgress()
                return false
            }
            var working = parts.count
            for await isConsumer in group where isConsumer {
                working -= 1
                if working == 0 { group.cancelAll() }
            }
        }
        try conclude()
    }

    /// Shows how far the slowest is, until the task is cancelled.
    private func showProgress() async {
        var bar = ProgressBar("replaying", logging)
        // On a terminal the events themselves show how far it is.
        while !Terminal.isTerminal(1) || parts.contains(where: { $0.name != "standard output" }) {
            do { try await Task.sleep(for: .milliseconds(100)) } catch { break }
            let progress = parts.map(\.feed.progress)
            let fraction = progress.compactMap(\.fraction).min()
            bar.show(fraction, progress.reduce(0) { $0 + $1.events }.counted("event"))
        }
        bar.clear()
    }

    private func conclude() throws {
        var (failed, isIncomplete) = (0, false)
        for part in parts {
            let (progress, outlet) = (part.feed.progress, part.outlet.progress)
            failed += outlet.givenUp
            isIncomplete = isIncomplete || !progress.isExhausted
            let words =
                "\(outlet.delivered.counted("event")) delivered"
                + (outlet.givenUp > 0 ? ", \(outlet.givenUp.grouped) given up" : "")
            logger.info("\(part.name): \(words)")
            try part.feed.check()
        }
        if let signal = Signals.received { throw ExitCode.signal(signal) }
        if failed > 0 { throw ExitCode.temporary }
        if isIncomplete, output.hasReader { throw ExitCode.inputOutput }
    }
}
