package import Network
package import WebSocket

/// Why an open stream did not become a WebSocket.
package enum UpgradeFailure: Error {
    /// The server answered, and refused.
    case refused(HandshakeRefusal)
    /// What the server answered is no answer to an upgrade.
    case invalid(HandshakeError)
    /// The URL cannot be asked for.
    case unsendable(HandshakeError)
    /// No answer came in that time, or the program is asked to stop.
    case timedOut(Duration)
    /// The stream broke.
    case lost(NetworkError)
}

extension SessionFailure {
    /// Explains why there is no WebSocket.
    package init(_ failure: UpgradeFailure, from url: ServerURL) {
        switch failure {
        case .refused(let refusal): self.init(refusal, from: url)
        case .invalid(let error): self.init(.unreachable, "\(url): not a WebSocket: \(error)")
        case .unsendable(let error): self.init(error)
        case .timedOut(let limit):
            self.init(.unreachable, "\(url): no answer to the WebSocket upgrade within \(limit)")
        case .lost(let error): self.init(error)
        }
    }
}
