/// How far the subscriptions have come.
extension BlackholeDialect {
    /// Every subscription that is wanted, and how far it has come.
    public var subscriptions: [(subscription: Subscription, state: SubscriptionState)] {
        wanted.map { ($0.subscription, $0.state) }
    }

    /// The subscriptions that were confirmed at or after this moment; `nil`: all that are confirmed.
    public func confirmed(since moment: ContinuousClock.Instant?) -> [Subscription] {
        wanted.filter { entry in
            guard case .confirmed(let verifiedAt) = entry.outcome else { return false }
            return moment.map { verifiedAt >= $0 } ?? true
        }.map(\.subscription)
    }

    /// The subscriptions that the server has refused for good.
    public var refused: [Subscription] {
        wanted.filter(\.isRefused).map(\.subscription)
    }

    /// How many subscriptions the server has confirmed; those that are being renewed count, their events flow.
    public var confirmedCount: Int { entries.count { !$0.isRemoved && $0.isConfirmed } }

    /// How many subscriptions the server has refused for good.
    public var refusedCount: Int { entries.count { !$0.isRemoved && $0.isRefused } }

    /// How many requests wait for their replies.
    public var requestsInFlight: Int { inFlight.count }

    private var wanted: some Sequence<SubscriptionEntry> { entries.lazy.filter { !$0.isRemoved } }
}
