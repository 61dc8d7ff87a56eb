import Consumers
import Subscriber

/// A consumer that takes batches, behind its queue.
struct BatchOutlet<Consumer: BatchConsumer>: Outlet {
    private let consumer: Consumer
    private let intake: Intake
    private let runner: BatchRunner

    init(_ consumer: Consumer, policy: DeliveryPolicy, at site: OutletSite) throws(UsageError) {
        self.consumer = consumer
        intake = try Intake(at: site)
        runner = BatchRunner(feed: intake.feed, policy: policy) { [logger = site.logger] in logger.report($0) }
    }

    var route: Route? { intake.route }

    func run() async { await runner.run(consumer) }

    func finish(by deadline: ContinuousClock.Instant) {
        intake.finish()
        runner.finish(by: deadline)
    }

    func reopen() { runner.reopen() }

    var progress: OutletProgress {
        let counts = runner.counts
        return OutletProgress(
            delivered: counts.events, dropped: intake.dropped, givenUp: counts.givenUp, lag: runner.lag,
            isFailing: counts.isCircuitOpen)
    }
}
