/// A server's answer that is not an upgrade: Kazoo's 400, 403, 426, 429, or a proxy's own.
public struct HandshakeRefusal: Sendable {
    /// The status code; never one of 100–199.
    public let status: Int
    /// The words after the status code; empty where there are none.
    public let reasonPhrase: String
    /// The header fields in the order received, names as received.
    public let headers: [(name: String, value: String)]
    /// The beginning of the body, at most 1 KiB.
    public let bodyPrefix: [UInt8]

    /// The value of the first header field of this name, such as `Retry-After`.
    ///
    /// - Parameter name: The name, in any case.
    /// - Returns: `nil` where there is no such field.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension HandshakeRefusal: Equatable {
    /// Whether two refusals are the same in every part.
    ///
    /// - Parameters:
    ///   - lhs: A refusal.
    ///   - rhs: Another.
    /// - Returns: `true` if they are.
    public static func == (lhs: HandshakeRefusal, rhs: HandshakeRefusal) -> Bool {
        lhs.status == rhs.status && lhs.reasonPhrase == rhs.reasonPhrase && lhs.bodyPrefix == rhs.bodyPrefix
            && lhs.headers.elementsEqual(rhs.headers, by: ==)
    }
}
