public import Events
public import Network

/// What a session tells about itself while it runs, in the order in which it happens.
public enum SessionReport: Equatable, Sendable {
    /// A token is asked for.
    case loggingIn(ServerURL)
    /// A token is there.
    case loggedIn(account: String?, version: String?)
    /// A connection is being made.
    case connecting(ServerURL)
    /// The WebSocket is open; subscriptions follow.
    case connected(ServerURL)
    /// Events flow.
    case ready(ServerURL, confirmed: Int, refused: Int)
    /// Events may have been missed, before those that follow.
    case gap(Gap)
    /// The server refused or delayed something; the session goes on.
    case problem(DialectFailure)
    /// An attempt failed, or the connection is lost.
    case lost(SessionFailure)
    /// Nothing happens for so long.
    case waiting(Duration)
}
