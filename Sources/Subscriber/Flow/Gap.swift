public import Blackhole
public import Events

/// An interval in which events may have been missed, as far as a client can know.
///
/// Kazoo's event server has no replay and no sequence numbers: nobody can say later whether there was anything to miss.
public struct Gap: Equatable, Sendable {
    /// Why events may have been missed. Open to growth: compare with the static members.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case connectionLost = "connection_lost"
            case notRunning = "not_running"
            case accountFound = "account_found"
            case refused
            case monthTurned = "month_turned"
            case unverified
            case dropped
        }

        private let name: Name

        private init(_ name: Name) { self.name = name }

        /// The name of the reason, as it appears in logs and lines.
        public var description: String { name.rawValue }

        /// There was no live subscription between the loss of a connection and the readiness of the next.
        public static let connectionLost = Self(.connectionLost)
        /// The program was not running, or not yet ready.
        public static let notRunning = Self(.notRunning)
        /// The account was there before it was found and subscribed to.
        public static let accountFound = Self(.accountFound)
        /// Kazoo refused the subscription for a time.
        public static let refused = Self(.refused)
        /// A month began: Kazoo binds some events to the month's database when they are subscribed to.
        public static let monthTurned = Self(.monthTurned)
        /// There was a subscription, and nothing but Kazoo's silence vouches for it.
        public static let unverified = Self(.unverified)
        /// The program itself dropped events, for a reader that was too slow.
        public static let dropped = Self(.dropped)
    }

    /// The last moment at which the subscription was known to be live.
    public var from: Timestamp
    /// The moment at which events flowed again.
    public var to: Timestamp
    /// Why.
    public var reason: Reason
    /// Whose events may be missing.
    public var accounts: [AccountID]
    /// Which events may be missing.
    public var bindings: [Binding]

    /// Creates a gap.
    public init(
        from: Timestamp, to: Timestamp, reason: Reason, accounts: [AccountID] = [], bindings: [Binding] = []
    ) {
        self.from = from
        self.to = to
        self.reason = reason
        self.accounts = accounts
        self.bindings = bindings
    }

    /// The gap as a line in the stream: `{"action":"gap",…}`.
    public var notice: JSONValue {
        [
            "action": "gap",
            "from": .string(from.description),
            "to": .string(to.description),
            "reason": .string(reason.description),
            "accounts": .array(accounts.map { .string($0.description) }),
            "bindings": .array(bindings.map { .string($0.description) }),
        ]
    }

    /// How long it lasted.
    public var duration: Duration { to - from }
}
