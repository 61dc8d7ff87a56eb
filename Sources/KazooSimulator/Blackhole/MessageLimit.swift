/// How many messages a client may send on one connection.
public struct MessageLimit: Equatable, Sendable {
    /// How many may come at once.
    public var burst: Int
    /// How many more each second brings.
    public var perSecond: Int

    /// Creates a limit.
    public init(burst: Int, perSecond: Int) {
        self.burst = burst
        self.perSecond = perSecond
    }

    /// Kazoo's own limit: 100, and 10 more each second. WebSocket pings are not counted.
    public static let kazoo = MessageLimit(burst: 100, perSecond: 10)
}
