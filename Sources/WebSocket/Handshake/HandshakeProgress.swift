/// How far a handshake has come.
public enum HandshakeProgress: Equatable, Sendable {
    /// More of the response is needed.
    case incomplete
    /// The connection is open; the leftover is what followed the head, the connection's first bytes.
    case upgraded(leftover: [UInt8])
    /// The server answered, and did not upgrade.
    case refused(HandshakeRefusal)
    /// The answer is not one that this client may accept; the transport must be closed.
    case invalid(HandshakeError)
}
