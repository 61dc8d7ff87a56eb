/// Why a session ended.
public enum SessionEnd: Equatable, Sendable {
    /// The sink has what it wants, or the program is asked to stop.
    case finished
    /// It cannot go on, by the policy that was given.
    case failed(SessionFailure)
}

/// What keeps a session from running, with everything a person needs to mend it.
public struct SessionFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is, which decides about retries and exit codes.
    public enum Kind: Equatable, Sendable {
        /// The server cannot be reached, or is not Kazoo, or the connection is lost.
        case unreachable
        /// The server failed by itself.
        case temporary
        /// The server asks for fewer requests.
        case throttled
        /// The server takes no more connections from this address.
        case crowded
        /// Credentials or permissions are refused.
        case denied
        /// What we sent is wrong in itself.
        case rejected
        /// The server is there, but does not offer what we want.
        case refused

        /// Whether the same attempt will fail again until a person changes something.
        var isFinal: Bool { self == .denied || self == .rejected || self == .refused }

        /// Whether haste makes it worse.
        var asksForPatience: Bool { self == .throttled || self == .crowded }
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What happened and what to do, in one line, without secrets.
    public var message: String
    /// Whether it is about one of the WebSocket URLs, so that another one may do better.
    public var isOfOneURL: Bool

    /// Creates a failure.
    public init(_ kind: Kind, _ message: String, isOfOneURL: Bool = false) {
        self.kind = kind
        self.message = message
        self.isOfOneURL = isOfOneURL
    }

    /// One line.
    public var description: String { message }
}
