import Consumers
import Subscriber

/// A consumer that takes batches, behind its queue.
struct BatchOutlet<Consumer: BatchConsumer>: Outlet {
    private let consumer: Consumer
    private let intake: Intake
    private let runner: BatchRunner

    init(_ consumer: Consumer, policy: DeliveryPolicy, at site: OutletSite) throws(UsageError) {
        self.init(consumer, policy: policy, intake: try Intake(at: site)) { [logger = site.logger] in logger.report($0)
        }
    }

    /// - Parameter notify: told what happens; must not block.
    init(
        _ consumer: Consumer, policy: DeliveryPolicy, intake: Intake,
        notify: @escaping @Sendable (DeliveryNotice) -> Void
    ) {
        self.consumer = consumer
        self.intake = intake
        runner = BatchRunner(feed: intake.feed, policy: policy, notify: notify)
    }

    var route: Route? { intake.route }

    func run() async { await runner.run(consumer) }

    func finish(by deadline: ContinuousClock.Instant) {
        intake.finish()
        // What stays where it is needs no last attempt of a consumer that keeps failing.
        let isHopeless = runner.counts.isCircuitOpen && intake.unfinished == .leave
        runner.finish(by: isHopeless ? .now : deadline)
    }

    func reopen() { runner.reopen() }

    var progress: OutletProgress {
        let counts = runner.counts
        return OutletProgress(
            delivered: counts.events, dropped: intake.dropped, givenUp: counts.givenUp, lag: runner.lag,
            isFailing: counts.isCircuitOpen)
    }
}
