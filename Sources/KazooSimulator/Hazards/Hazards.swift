/// What goes wrong on purpose. Each entry is something that real Kazoo, or what stands around it, was seen to do.
///
/// Set them at the start in ``SimulatorConfiguration/hazards`` or while it runs with
/// ``SimulatedKazoo/setHazards(node:_:)``. The REST API and each event server have such a value of their own and look at
/// what concerns them.
public struct Hazards: Sendable, Equatable {
    /// How a log-in, another REST request or a WebSocket upgrade fails.
    ///
    /// To an upgrade Kazoo's own failures come with their status and an empty body.
    public enum RequestFailure: Sendable, Equatable {
        /// 401 `invalid_credentials`.
        case unauthorized
        /// 429 `too_many_requests`, without a `Retry-After`.
        case tooManyRequests
        /// 500 with Kazoo's JSON body.
        case internalError
        /// 500 with an empty body, which is how a crash can look.
        case bareInternalError
        /// Any answer at all, of Kazoo or of a proxy before it.
        case answer(CannedAnswer)
        /// The connection is closed without an answer.
        case hangUp
        /// Nothing comes until the client gives up.
        case hang
    }

    // MARK: Of all

    /// Connections are accepted and nothing is ever answered: a server that hangs, or a half-open connection.
    public var freezes = false

    // MARK: Of the REST API

    /// Log-ins fail like this; `nil` for none.
    public var loginFailure: RequestFailure?
    /// So many of the next log-ins fail, and then all is well again; `nil` for every one.
    public var failingLogins: Int?
    /// REST requests that are no log-ins fail like this; `nil` for none.
    public var requestFailure: RequestFailure?
    /// So many of the next REST requests fail, and then all is well again; `nil` for every one.
    public var failingRequests: Int?
    /// The answers to log-ins are held back for so long.
    public var loginDelay: Duration = .zero

    // MARK: Of an event server

    /// WebSocket upgrades fail like this; `nil` for none.
    public var upgradeFailure: RequestFailure?
    /// So many of the next upgrades fail, and then all is well again; `nil` for every one.
    public var failingUpgrades: Int?
    /// How many WebSocket connections one address may have, 429 for more (Kazoo's `max_connections_per_ip`, which each
    /// node counts for itself); `nil` for any number. Open ones are left alone.
    public var maximumConnectionsPerAddress: Int?
    /// WebSocket pings go unanswered.
    public var withholdsPongs = false
    /// Replies are held back for so long.
    public var replyDelay: Duration = .zero
    /// So many of the next replies are lost, as Kazoo 5 loses them when more than 50 messages are queued for a session.
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

    /// A WebSocket upgrade is refused with this HTTP status and an empty body; 429 is Kazoo over its
    /// `max_connections_per_ip`, 502 and 503 are proxies. A short name for that ``upgradeFailure``.
    public var upgradeStatus: Int? {
        get {
            guard case .answer(let answer) = upgradeFailure else { return nil }
            return answer.status
        }
        set { upgradeFailure = newValue.map { .answer(CannedAnswer(status: $0)) } }
    }

    // MARK: One more request

    /// How the log-in that has come fails.
    mutating func takeLoginFailure() -> RequestFailure? { Self.take(&loginFailure, of: &failingLogins) }

    /// How the REST request that has come fails.
    mutating func takeRequestFailure() -> RequestFailure? { Self.take(&requestFailure, of: &failingRequests) }

    /// How the upgrade that has come fails.
    mutating func takeUpgradeFailure() -> RequestFailure? { Self.take(&upgradeFailure, of: &failingUpgrades) }

    private static func take(_ failure: inout RequestFailure?, of count: inout Int?) -> RequestFailure? {
        guard let left = count else { return failure }
        defer {
            count = left > 1 ? left - 1 : nil
            if left <= 1 { failure = nil }
        }
        return left > 0 ? failure : nil
    }
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
