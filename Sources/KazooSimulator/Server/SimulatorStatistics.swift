/// What a simulated Kazoo, or one event server of it, has done so far.
public struct SimulatorStatistics: Sendable, Equatable {
    /// Log-ins asked for, granted or not. The REST API's, so none of a single event server's.
    public var logins = 0
    /// Other REST requests. The REST API's, so none of a single event server's.
    public var requests = 0
    /// WebSocket sessions opened.
    public var connections = 0
    /// WebSocket sessions open now.
    public var openConnections = 0
    /// WebSocket upgrades that were asked for and not granted.
    public var refusedUpgrades = 0
    /// Messages that clients sent over WebSocket.
    public var messages = 0
    /// Events published, whether or not anybody was subscribed to them; each is one for the cluster and one for each of
    /// its event servers.
    public var published = 0
    /// Event frames handed to sessions.
    public var delivered = 0
    /// Replies and events dropped because a session did not read, as Kazoo 5 does.
    public var dropped = 0

    /// Adds what an event server has done.
    mutating func add(_ other: SimulatorStatistics) {
        connections += other.connections
        openConnections += other.openConnections
        refusedUpgrades += other.refusedUpgrades
        messages += other.messages
        delivered += other.delivered
        dropped += other.dropped
    }
}
