import Consumers
import Subscriber

/// A consumer that takes batches, behind its queue.
struct BatchOutlet<Consumer: BatchConsumer>: Outlet {
    let route: Route
    private let consumer: Consumer
    private let feed: MemoryFeed
    private let runner: BatchRunner

    init(_ consumer: Consumer, policy: DeliveryPolicy, at site: OutletSite) throws(UsageError) {
        let feed = site.feed()
        self.consumer = consumer
        self.feed = feed
        runner = BatchRunner(feed: feed, policy: policy) { [logger = site.logger] in logger.report($0) }
        route = try site.route(feed.offer)
    }

    func run() async { await runner.run(consumer) }

    func finish(by deadline: ContinuousClock.Instant) {
        feed.finish()
        runner.finish(by: deadline)
    }

    func reopen() { runner.reopen() }

    var progress: OutletProgress {
        let counts = runner.counts
        return OutletProgress(
            delivered: counts.events, dropped: feed.counts.dropped, givenUp: counts.givenUp, lag: feed.lag,
            isFailing: counts.isCircuitOpen)
    }
}
