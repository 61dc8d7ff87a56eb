import Consumers
import Events
import Journal
import Logging
import Settings
import Subscriber

/// A consumer's way in: the queue that the router fills for it, or its place in the journal.
struct Intake: Sendable {
    /// What the router brings; `nil` where the consumer reads from the journal.
    let route: Route?
    /// What the runner takes.
    let feed: any Feed
    /// Where events go that the consumer does not take.
    let deadLetters: any DeadLetterStore
    /// What becomes of events that are not delivered at the end.
    let unfinished: EventRunnerPolicy.Unfinished
    /// Nothing more comes in. What waits in memory still comes out; what waits in the journal stays there.
    let finish: @Sendable () -> Void
    /// How many events were dropped, because the consumer was too slow.
    private let countDropped: @Sendable () -> Int

    init(at site: OutletSite) throws(UsageError) {
        if let journal = site.journal {
            try self.init(from: journal, at: site)
        } else {
            try self.init(inMemoryAt: site)
        }
    }

    private init(inMemoryAt site: OutletSite) throws(UsageError) {
        let settings = site.settings
        let notice = { @Sendable (loss: Loss) in Gap(loss).notice }
        let queue = MemoryFeed(
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
        finish = { queue.finish() }
        countDropped = { queue.counts.dropped }
    }

    private init(from journal: Journal, at site: OutletSite) throws(UsageError) {
        let filter = RouteFilter(
            bindings: try site.bindings(), matches: site.settings.matches, showsGaps: site.settings.showsGaps)
        let (name, start) = (site.name, JournalStart(site.settings.beginning))
        let place = JournalFeed { () async throws(JournalError) in
            try await journal.reader(name, from: start) { filter($0) }
        } report: { [logger = site.logger] error in
            logger.error("\(error); it is tried again")
        }
        feed = place
        route = nil
        deadLetters = place
        unfinished = .leave
        finish = { place.finish() }
        countDropped = { 0 }
    }

    /// How many events were dropped, because the consumer was too slow.
    var dropped: Int { countDropped() }
}
