import Events

/// What goes wrong on purpose. Each entry is something that real Kazoo, or what stands around it, was seen to do.
///
/// Set them at the start in ``SimulatorConfiguration/hazards`` or while it runs with ``SimulatedKazoo/setHazards(_:)``.
public struct Hazards: Sendable, Equatable {
    /// How a log-in or another REST request fails.
    public enum RequestFailure: Sendable, Equatable {
        /// 429 `too_many_requests`, without a `Retry-After`.
        case tooManyRequests
        /// 500 with Kazoo's JSONValue body.
        case internalError
        /// 500 with an empty body, which is how a crash can look.
        case bareInternalError
        /// The connection is closed without an answer.
        case hangUp
    }

    /// Every log-in fails like this; `nil` for none.
    public var loginFailure: RequestFailure?
    /// Every REST request that is no log-in fails like this; `nil` for none.
    public var requestFailure: RequestFailure?
    /// The answers to log-ins are held back for so long.
    public var loginDelay: Duration = .zero
    /// A WebSocket upgrade is refused with this HTTP status and an empty body; 429 is Kazoo over its
    /// `max_connections_per_ip`, 502 and 503 are proxies. `nil` for none.
    public var upgradeStatus: Int?
    /// Connections are accepted and nothing is ever answered: a server that hangs, or a half-open connection.
    public var freezes = false
    /// WebSocket pings go unanswered.
    public var withholdsPongs = false
    /// Replies of the event server are held back for so long.
    public var replyDelay: Duration = .zero
    /// So many of the next replies of the event server are lost, as Kazoo 5 loses them when more than 50 messages are
    /// queued for a session.
    public var lostReplies = 0
    /// Every event comes twice. Kazoo 4.x does so to everybody while a superduper admin is subscribed to all accounts.
    public var duplicatesEvents = false
    /// Everything published is lost while sockets stay open and subscribes succeed: the message broker behind Kazoo is
    /// away, for half a minute when it drops its connections.
    public var losesEvents = false
    /// 4.x does not load the module that answers `ping` unless told to: a ping then succeeds with the data of the
    /// previous command.
    public var lacksPing = false

    /// Nothing goes wrong.
    public init() {}
}

/// How the simulator ends connections on demand.
public enum ConnectionEnd: Sendable, Equatable {
    /// A bare TCP FIN without a close frame: what Kazoo does when it is stopped, by whatever means.
    case fin
    /// A TCP reset.
    case reset
    /// A WebSocket close frame: 1011 when Kazoo crashes on a message or an event, 1000 when a session was idle.
    case close(UInt16)
}
