import Consumers
import Events
import Journal
import Logging
import Settings
import Subscriber

/// A consumer's way in: the queue that the router fills for it, its place in the journal, or what is replayed to it.
struct Intake: Sendable {
    /// What the router brings; `nil` where the consumer reads by itself.
    let route: Route?
    /// What the runner takes.
    let feed: any Feed
    /// Where events go that the consumer does not take; `nil` where they stay where they are.
    let deadLetters: (any DeadLetterStore)?
    /// What becomes of events that are not delivered at the end.
    let unfinished: EventRunnerPolicy.Unfinished
    /// Nothing more comes in. What waits in memory still comes out; what waits in the journal stays there.
    let finish: @Sendable () -> Void
    /// How many events were dropped, because the consumer was too slow.
    private let countDropped: @Sendable () -> Int

    init(at site: OutletSite) throws(UsageError) {
        switch site.source {
        case .router: try self.init(inMemoryAt: site)
        case .journal(let journal): try self.init(from: journal, at: site)
        case .replay(let feed): self.init(from: feed)
        }
    }

    /// What is replayed.
    init(from recorded: ReplayFeed) {
        feed = recorded
        route = nil
        deadLetters = nil
        unfinished = .leave
        finish = { recorded.finish() }
        countDropped = { 0 }
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
        let filter = try site.settings.filter()
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
