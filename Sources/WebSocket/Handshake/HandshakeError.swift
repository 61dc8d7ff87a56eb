/// Why a handshake could not be begun, or is none.
///
/// The message never holds a header's value, which may be a secret.
public struct HandshakeError: Error, Equatable, Sendable {
    /// What kind of error it is; more may be added.
    public struct Code: Hashable, Sendable {
        private enum Value { case invalidRequest, malformedResponse, responseTooLarge, failedUpgrade, endOfStream }
        private let value: Value

        /// The host, the resource or a header cannot be written into a request.
        public static let invalidRequest = Code(value: .invalidRequest)
        /// What came is not a response of HTTP/1.
        public static let malformedResponse = Code(value: .malformedResponse)
        /// The response's head is larger than 64 KiB.
        public static let responseTooLarge = Code(value: .responseTooLarge)
        /// The response says 101, but does not do what a WebSocket server must (RFC 6455 §4.1).
        public static let failedUpgrade = Code(value: .failedUpgrade)
        /// The stream ended before the response's head.
        public static let endOfStream = Code(value: .endOfStream)
    }

    /// What kind of error it is.
    public let code: Code
    /// What is wrong, in words.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension HandshakeError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
