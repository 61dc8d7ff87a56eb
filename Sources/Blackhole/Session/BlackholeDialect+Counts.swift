extension BlackholeDialect {
    /// How many subscriptions the server has confirmed.
    public var confirmedCount: Int {
        subscriptions.count { if case .confirmed = $0.state { true } else { false } }
    }

    /// How many subscriptions the server has refused for good.
    public var refusedCount: Int {
        subscriptions.count { if case .refused = $0.state { true } else { false } }
    }
}
