import Consumers
import Events
import Logging
import Settings

@testable import SubscribeCommands

/// `type: counter`: counts events by their names, and says so now and then. These are its keys in the config file.
struct EventCounterSettings: BatchOutletType {
    static let name = "counter"
    let interval: Duration

    init?(from section: inout Section) {
        interval = section.value("every", .duration(.seconds(1)...Quantity.longest), default: "60s")
    }

    func consumer(at site: OutletSite) -> EventCounter { EventCounter(interval: interval, logger: site.logger) }
}

/// The queue before it, its bindings and conditions, retries and their pauses are not its business.
struct EventCounter: BatchConsumer {
    let interval: Duration
    let logger: Logger
    private(set) var deadline: ContinuousClock.Instant?
    private var counts: [String: Int] = [:]

    init(interval: Duration, logger: Logger) { (self.interval, self.logger) = (interval, logger) }

    mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
        for event in batch where event.kind == .event { counts[event.name ?? "(no name)", default: 0] += 1 }
        deadline = deadline ?? .now + interval
    }

    /// Comes at the deadline, although nothing else does.
    mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure) {
        let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        logger.notice("\(most.map { "\($0.key)=\($0.value)" }.joined(separator: " "))")
        (counts, deadline) = ([:], nil)
    }
}
