extension Connection {
    /// How a connection ended.
    public struct Closure: Equatable, Sendable {
        /// Who or what ended a connection.
        public enum Origin: Hashable, Sendable {
            /// The peer sent the first close frame.
            case peer
            /// This side sent the first close frame, by `close`.
            case local
            /// The peer broke the protocol or a limit, and this side failed the connection.
            case protocolError
            /// The peer did not answer a ping or a close frame in time.
            case timeout
            /// The transport ended without a close frame: a stopped Kazoo does this.
            case transport
        }

        /// The code in the peer's close frame, or after a protocol error the one sent to the peer.
        ///
        /// `nil` where there is none, which RFC 6455 §7.1.5 calls 1005 (a close frame without a code; `isClean`) and 1006
        /// (no close frame).
        public var code: CloseCode?
        /// The reason in the peer's close frame, or this side's: which rule was broken, what did not come in time.
        public var reason: String
        /// Who or what ended the connection.
        public var origin: Origin
        /// Whether close frames went both ways, so that everything sent before them has arrived (RFC 6455 §7.1.4).
        public var isClean: Bool

        /// A closure of these parts.
        ///
        /// - Parameters:
        ///   - code: The close code, where there is one.
        ///   - reason: The peer's words or this side's.
        ///   - origin: Who or what ended the connection.
        ///   - isClean: Whether close frames went both ways.
        public init(code: CloseCode?, reason: String = "", origin: Origin, isClean: Bool) {
            self.code = code
            self.reason = reason
            self.origin = origin
            self.isClean = isClean
        }
    }
}
