import Blackhole
import Consumers
import Events
import Journal
import Logging
import Settings
import Subscriber

/// What a consumer is made with, whatever its type: the keys that all have, and its surroundings.
struct OutletSite: Sendable {
    /// The keys that every consumer has.
    let settings: ConsumerSettings
    /// The host of Kazoo's API, which CloudEvents name as their source.
    let host: String
    /// The directory of dead letters.
    let deadLetters: String
    /// Where its events come from.
    let source: Source
    /// Names the consumer in everything that it says.
    let logger: Logger

    /// Where events come from.
    enum Source: Sendable {
        /// From the session, by the router.
        case router
        /// From the place that the consumer has in the journal.
        case journal(Journal)
        /// From what was recorded.
        case replay(ReplayFeed)
    }

    init(
        _ settings: ConsumerSettings, host: String, deadLetters: String, source: Source = .router, logger: Logger
    ) {
        self.settings = settings
        self.source = source
        self.host = host
        self.deadLetters = deadLetters
        var logger = logger
        logger[metadataKey: LogKey.consumer.rawValue] = .string(settings.name.value)
        self.logger = logger
    }

    /// The consumer's name.
    var name: String { settings.name.value }

    /// The form in which it gets events.
    var formatter: EventFormatter { EventFormatter(settings.output, host: host) }

    /// Which events it gets from the router.
    ///
    /// - Parameter offer: where they go.
    func route(_ offer: @escaping @Sendable (EventBatch) -> Void) throws(UsageError) -> Route {
        Route(
            bindings: try settings.parsedBindings(), matches: settings.matches, showsGaps: settings.showsGaps,
            offer: offer)
    }
}

extension Located<String> {
    /// The binding that was judged when the settings were read.
    func binding() throws(UsageError) -> Binding {
        do { return try Binding(value) } catch { throw UsageError("\(origin): \(error)", exitCode: 78) }
    }
}
