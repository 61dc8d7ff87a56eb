public import Events
public import Network

/// What a session tells about itself while it runs.
public enum SessionReport: Equatable, Sendable {
    /// A token is asked for.
    case loggingIn(ServerURL)
    /// A token is there.
    case loggedIn(account: String?, version: String?)
    /// So many accounts are followed now.
    case accounts(count: Int)
    /// A connection is being made.
    case connecting(ServerURL, ConnectionID)
    /// The WebSocket is open; subscriptions follow.
    case connected(ServerURL, ConnectionID)
    /// The subscriptions of one connection are settled.
    case settled(ServerURL, ConnectionID, confirmed: Int, refused: Int)
    /// What is wanted has changed: so many wishes are new, so many are gone.
    case changed(added: Int, removed: Int)
    /// What was to be wanted instead is not possible, for this reason: the session wants what it wanted before.
    case changeRefused(SessionFailure)
    /// Every subscription is confirmed or finally refused, and at least one is confirmed: events flow. Or there is nothing
    /// to subscribe to yet, because there are no accounts below the login's.
    ///
    /// Told anew after each loss, and after each change of what is wanted.
    case ready(confirmed: Int, refused: Int, connections: [ServerURL])
    /// Events may have been missed, before those that follow.
    case gap(Gap)
    /// The server refused or delayed something; the session goes on.
    case problem(DialectFailure)
    /// Subscriptions are being made anew.
    case renewing(ServerURL, ConnectionID)
    /// A connection is left because another one has taken its place, or its subscriptions are not wanted any more.
    case leaving(ServerURL, ConnectionID)
    /// An attempt failed, or a connection is lost.
    case lost(SessionFailure)
    /// A connection, or the login, is tried again after so long.
    case waiting(Duration)
    /// What the session is doing, for somebody who has asked.
    case state(SessionState)
    /// The moment until which nothing was missed cannot be saved, for this reason.
    case stateNotSaved(String)
}
