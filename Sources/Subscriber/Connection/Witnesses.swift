import Blackhole
import Events

/// Finds the subscriptions that events bear witness to, for ``Coverage``.
///
/// A look at a few events a second is enough to know that a subscription lives, and costs nothing that matters.
struct Witnesses: Sendable {
    private var subscriptions: [String: [Subscription]] = [:]
    private var lastLook: ContinuousClock.Instant?

    /// How long it looks away.
    static let pause: Duration = .seconds(1)
    /// How many events it looks at.
    static let sample = 32

    /// The connection carries these now.
    mutating func carry(_ carried: [Subscription]) {
        subscriptions = Dictionary(grouping: carried) { $0.account.description }
    }

    /// The subscriptions that have brought the events of a batch, as far as these name an account.
    ///
    /// Not those that stand for the same events: where bindings overlap, one may be silent while another one is not.
    mutating func look(at batch: EventBatch, now: ContinuousClock.Instant) -> Set<Subscription> {
        if let lastLook, now - lastLook < Self.pause { return [] }
        lastLook = now
        var found: Set<Subscription> = []
        for event in batch.prefix(Self.sample) {
            guard let account = event.accountID, let key = event.subscribedKey else { continue }
            for subscription in (subscriptions[account] ?? []) + (subscriptions["*"] ?? [])
            where !found.contains(subscription) && subscription.binding.subscribedKey == key[...]
                && EventSelector(subscription).selects(event)
            {
                found.insert(subscription)
            }
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
