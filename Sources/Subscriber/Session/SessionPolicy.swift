/// When a session gives up, how long it waits when it does not, and how many connections it makes.
public struct SessionPolicy: Equatable, Sendable {
    /// Whether a failure before the first readiness ends the session, once every URL has been tried.
    public var endsBeforeFirstReady: Bool
    /// Whether the loss of a session that was ready ends it.
    public var endsAfterLoss: Bool
    /// How long to wait between attempts.
    public var backoff = Backoff()
    /// How long a connection must have been ready before its loss counts as the first failure again.
    public var stableAfter: Duration = .seconds(30)
    /// The shortest wait after a refusal that no haste will mend.
    public var finalPause: Duration = .seconds(60)
    /// The shortest wait after the server has asked for fewer requests or connections; up to twice as long.
    public var throttledPause: Duration = .seconds(10)

    /// How many connections, to different servers where there are several, carry each subscription.
    public var redundancy = 1
    /// How many subscriptions one connection carries before another one is made.
    public var subscriptionsPerConnection = 500
    /// How long no more connections are made for new subscriptions after the server has refused one.
    public var crowdMemory: Duration = .seconds(600)
    /// How often subscriptions are made anew; `nil` for never.
    public var renewalInterval: Duration? = .seconds(900)
    /// How long Kazoo is given to count out a connection that was left.
    public var settlePause: Duration = .seconds(2)
    /// How often the accounts below the login's are asked for, where these are followed.
    public var accountsInterval: Duration = .seconds(60)

    /// For a command on a terminal or in a pipe: tells a failure at once, survives a later loss.
    public static let oneShot = Self(endsBeforeFirstReady: true, endsAfterLoss: false)
    /// Never reconnects.
    public static let once = Self(endsBeforeFirstReady: true, endsAfterLoss: true)
    /// For a daemon: never gives up.
    public static let forever = Self(endsBeforeFirstReady: false, endsAfterLoss: false)
}
