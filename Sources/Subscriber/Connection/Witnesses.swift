import Blackhole
import Events

/// Finds the subscriptions that events bear witness to, for ``Coverage``.
///
/// A look at a few events a second is enough to know that a subscription lives, and costs nothing that matters.
struct Witnesses: Sendable {
    private var lastLook: ContinuousClock.Instant?

    /// How long it looks away.
    static let pause: Duration = .seconds(1)
    /// How many events it looks at.
    static let sample = 32

    /// The subscriptions that have brought the events of a batch, as far as these name an account.
    ///
    /// Not those that stand for the same events: where bindings overlap, one may be silent while another one is not. Nor
    /// those that Kazoo serves by several listeners, each of which can be lost by itself.
    ///
    /// - Parameter carried: what the connection is subscribed to.
    mutating func look(
        at batch: EventBatch, now: ContinuousClock.Instant, among carried: @autoclosure () -> [Subscription]
    ) -> Set<Subscription> {
        if let lastLook, now - lastLook < Self.pause { return [] }
        lastLook = now
        let events = batch.prefix(Self.sample).compactMap { event in
            event.accountID.flatMap { account in event.subscribedKey.map { (event, account, $0) } }
        }
        guard !events.isEmpty else { return [] }
        var found: Set<Subscription> = []
        for subscription in carried() where subscription.binding.isOneListener {
            let selector = EventSelector(subscription)
            let isWitnessed = events.contains { event, account, key in
                (subscription.account.isWildcard || subscription.account.description == account)
                    && subscription.binding.subscribedKey == key && selector.selects(event)
            }
            if isWitnessed { found.insert(subscription) }
        }
        return found
    }
}

extension Binding {
    /// What events call the binding that brings them: those of presence lose their prefix.
    fileprivate var subscribedKey: Substring {
        description.hasPrefix("presence.") ? description.dropFirst("presence.".count) : description[...]
    }
}
