/// Why a connection was closed, as a close frame says it (RFC 6455 §7.4).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// Wraps any number, whether it may appear in a frame or not.
    ///
    /// - Parameter rawValue: The number on the wire.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: the connection has served its purpose.
    public static let normalClosure = CloseCode(rawValue: 1000)
    /// 1001: the endpoint is leaving: a server stops, a page is left.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// 1002: the peer broke RFC 6455.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// 1003: the kind of data (text or binary) is not accepted.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// 1007: the data does not fit the kind of message: a text that is not UTF-8.
    public static let invalidPayload = CloseCode(rawValue: 1007)
    /// 1008: a message violates the endpoint's policy.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// 1009: a message is too big to be processed.
    public static let messageTooBig = CloseCode(rawValue: 1009)
    /// 1010: the server did not negotiate an extension that the client needs.
    public static let missingExtension = CloseCode(rawValue: 1010)
    /// 1011: the server met a condition that it did not expect.
    public static let internalError = CloseCode(rawValue: 1011)
    /// 1012: the service restarts (IANA registry).
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// 1013: the service is overloaded, try again later (IANA registry).
    public static let tryAgainLater = CloseCode(rawValue: 1013)
    /// 1014: a gateway received an invalid answer from upstream (IANA registry).
    public static let badGateway = CloseCode(rawValue: 1014)

    /// Whether an endpoint may put this number into a close frame.
    ///
    /// 1004 is undefined; 1005, 1006 and 1015 are for reporting only; the rest of 1016–2999 is unassigned and so
    /// reserved for the protocol (RFC 6455 §7.4.2). 3000–4999 belong to libraries and applications.
    public var isValidOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

extension CloseCode: CustomStringConvertible {
    /// The number, in decimal.
    public var description: String { String(rawValue) }
}
