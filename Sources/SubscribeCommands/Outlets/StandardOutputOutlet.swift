import Consumers
import Events
import Logging
import Settings
import Subscriber

extension StandardOutputSettings: OutletType {
    func outlet(at site: OutletSite) throws(UsageError) -> any Outlet {
        guard StandardDescriptors.isWritable(1) else {
            throw UsageError("\(site.settings.name.origin): standard output is closed", exitCode: 74)
        }
        guard case .router = site.source else {
            return try BatchOutlet(
                StandardOutputConsumer(formatter: site.formatter) { [logger = site.logger] in logger.report($0) },
                policy: DeliveryPolicy(), at: site)
        }
        return try StandardOutputOutlet(at: site)
    }
}

/// Standard output, as `stream` writes it: without a queue before it as long as the reader keeps up.
struct StandardOutputOutlet: Outlet {
    let route: Route?
    private let output: StandardOutput
    private let logger: Logger

    init(at site: OutletSite) throws(UsageError) {
        let formatter = site.formatter
        let lossLine = { @Sendable (loss: Loss) in formatter.line(of: loss) }
        let output = StandardOutput(
            capacity: site.settings.queueSize, isHeld: true, lossLine: site.settings.showsGaps ? lossLine : nil
        ) { [logger = site.logger] in logger.report($0) }
        self.output = output
        logger = site.logger
        route = try site.route { batch in
            var text: [UInt8] = []
            formatter.append(batch, to: &text)
            text.withUnsafeBytes { output.deliver($0, events: batch.count, receivedAt: batch.receivedAt) }
        }
    }

    func run() async {
        await output.run()
        logger.reportEnd(of: output)
    }

    func finish(by deadline: ContinuousClock.Instant) { output.finish(by: deadline) }

    /// Somebody else has opened it.
    func reopen() {}

    var progress: OutletProgress {
        let counts = output.counts
        return OutletProgress(
            delivered: counts.written, dropped: counts.dropped, lag: Lag(events: counts.waiting, oldest: counts.oldest))
    }
}
