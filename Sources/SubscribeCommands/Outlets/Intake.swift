import Consumers
import Events
import Logging
import Settings
import Subscriber

/// A consumer's way in: the queue that the router fills for it.
struct Intake: Sendable {
    /// What the router brings.
    let route: Route
    /// What the runner takes.
    let feed: any Feed
    /// Where events go that the consumer does not take.
    let deadLetters: any DeadLetterStore
    /// What becomes of events that are not delivered at the end.
    let unfinished: EventRunnerPolicy.Unfinished
    private let queue: MemoryFeed

    init(at site: OutletSite) throws(UsageError) {
        let settings = site.settings
        let notice = { @Sendable (loss: Loss) in Gap(loss).notice }
        queue = MemoryFeed(
            capacity: settings.queueSize, overflow: settings.overflow == .dropOldest ? .dropOldest : .dropNewest,
            lossNotice: settings.showsGaps ? notice : nil
        ) { [logger = site.logger] loss in
            logger.warning(
                "\(loss.events) events were dropped, because the consumer was too slow", metadata: .facts(of: loss))
        }
        feed = queue
        route = try site.route(queue.offer)
        deadLetters = DeadLetterFile(consumer: site.name, directory: site.deadLetters)
        // Nobody else has them.
        unfinished = .bury
    }

    /// Nothing more comes in.
    func finish() { queue.finish() }

    /// How many events were dropped, because the consumer was too slow.
    var dropped: Int { queue.counts.dropped }
}
