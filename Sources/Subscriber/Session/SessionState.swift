public import Blackhole
public import Events
public import Network

/// What a session is doing at one moment, for whoever asks.
public struct SessionState: Equatable, Sendable {
    /// A connection, open or being made.
    public struct Connection: Equatable, Sendable {
        /// Its name.
        public let id: ConnectionID
        /// The server.
        public let url: ServerURL
        /// How many subscriptions the server has confirmed on it, when it last told.
        public var confirmed = 0
        /// How many it has refused for good.
        public var refused = 0
    }

    /// A subscription that the server refuses.
    public struct Refusal: Equatable, Sendable {
        /// Which one.
        public let subscription: Subscription
        /// Why, and what to do; empty when it is not known any more.
        public let reason: String
    }

    /// The connections, the oldest first.
    public var connections: [Connection]
    /// How many subscriptions are wanted.
    public var wanted: Int
    /// How many of them are live on no connection.
    public var missing: Int
    /// Those that the server refuses; they are among the missing.
    public var refused: [Refusal]
    /// The moment until which every subscription that is live is verified; `nil` when none is.
    public var verifiedUntil: Timestamp?
    /// How many gaps have been declared, by their reasons.
    public var gaps: [Gap.Reason: Int]
}
