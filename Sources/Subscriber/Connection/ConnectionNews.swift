import Events

/// What a connection tells the session, in the order in which it happens.
enum ConnectionNews: Sendable {
    /// How a connection ended.
    enum End: Equatable, Sendable {
        /// We have left it: the sink has enough, or the session has asked for it.
        case left
        /// It broke, could not be made, or is of no use.
        case lost(SessionFailure)
        /// The server does not accept the token.
        case tokenRefused(SessionFailure)
    }

    /// The WebSocket is open; subscriptions follow.
    case opened
    /// Its subscriptions are settled.
    case settled(Settlement)
    /// A gap has ended.
    case gap(Gap)
    /// The server refused or delayed something; the connection goes on.
    case problem(DialectFailure)
    /// It used to bring events and has fallen silent.
    case suspicious
    /// An event tells of a new account.
    case accountCreated
    /// The sink has enough.
    case enough
    /// It is over; the last that is told.
    case ended(End)
}
