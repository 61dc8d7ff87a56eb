import Consumers
import Logging
import Subscriber

/// A consumer that takes events one by one, behind its queue.
struct EventOutlet: Outlet {
    let route: Route
    private let feed: MemoryFeed
    private let runner: EventRunner
    private let logger: Logger

    init(_ consumer: some EventConsumer, policy: EventRunnerPolicy, at site: OutletSite) throws(UsageError) {
        let feed = site.feed()
        self.feed = feed
        logger = site.logger
        runner = EventRunner(
            consumer, feed: feed, policy: policy,
            deadLetters: DeadLetterFile(consumer: site.name, directory: site.deadLetters)
        ) { [logger = site.logger] in logger.report($0) }
        route = try site.route(feed.offer)
    }

    func run() async {
        do {
            try await runner.run()
        } catch {
            logger.error("\(error); it is stopped")
        }
    }

    func finish(by deadline: ContinuousClock.Instant) {
        feed.finish()
        runner.stop(within: deadline - .now)
    }

    /// Nothing is open between two events.
    func reopen() {}

    var progress: OutletProgress {
        let counters = runner.counters
        return OutletProgress(
            delivered: counters.delivered, dropped: feed.counts.dropped, givenUp: counters.buried + counters.lost,
            lag: feed.lag, isFailing: counters.isSuspended)
    }
}
