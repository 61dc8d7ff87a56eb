/// What a simulated Kazoo has done so far.
public struct SimulatorStatistics: Sendable, Equatable {
    /// Log-ins asked for, granted or not.
    public var logins = 0
    /// Other REST requests.
    public var requests = 0
    /// WebSocket sessions opened.
    public var connections = 0
    /// WebSocket sessions open now.
    public var openConnections = 0
    /// Messages that clients sent over WebSocket.
    public var messages = 0
    /// Events published, whether or not anybody was subscribed to them.
    public var published = 0
    /// Event frames handed to sessions.
    public var delivered = 0
    /// Replies and events dropped because a session did not read, as Kazoo 5 does.
    public var dropped = 0
}
