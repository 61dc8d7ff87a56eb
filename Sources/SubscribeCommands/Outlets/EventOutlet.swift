import Consumers
import Logging
import Subscriber

/// A consumer that takes events one by one, behind its queue.
struct EventOutlet: Outlet {
    private let intake: Intake
    private let runner: EventRunner
    private let logger: Logger

    init(_ consumer: some EventConsumer, policy: EventRunnerPolicy, at site: OutletSite) throws(UsageError) {
        intake = try Intake(at: site)
        logger = site.logger
        var policy = policy
        policy.unfinished = intake.unfinished
        runner = EventRunner(consumer, feed: intake.feed, policy: policy, deadLetters: intake.deadLetters) {
            [logger = site.logger] in logger.report($0)
        }
    }

    var route: Route? { intake.route }

    func run() async {
        do {
            try await runner.run()
        } catch {
            logger.error("\(error); it is stopped")
        }
    }

    func finish(by deadline: ContinuousClock.Instant) {
        intake.finish()
        runner.stop(within: deadline - .now)
    }

    /// Nothing is open between two events.
    func reopen() {}

    var progress: OutletProgress {
        let counters = runner.counters
        return OutletProgress(
            delivered: counters.delivered, dropped: intake.dropped, givenUp: counters.buried + counters.lost,
            lag: intake.feed.lag, isFailing: counters.isSuspended)
    }
}
