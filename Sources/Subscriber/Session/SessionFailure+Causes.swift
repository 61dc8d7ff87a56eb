import Blackhole
import Crossbar
import Network
import Secrets
import WebSocket

extension SessionFailure {
    /// Explains any error that a session can meet.
    package init(_ error: any Error) {
        switch error {
        case let failure as SessionFailure: self = failure
        case let error as CrossbarError: self.init(Kind(error), error.description)
        case let error as NetworkError: self.init(.unreachable, error.description)
        default: self.init(.rejected, "\(error)")
        }
    }

    /// Explains an upgrade that the server refused.
    init(_ refusal: HandshakeRefusal, from url: ServerURL) {
        let remedy: (Kind, String)
        switch refusal.status {
        case 429:
            remedy = (
                .crowded, "this address has too many WebSockets open; blackhole's max_connections_per_ip limits them"
            )
        case 400:
            remedy = (
                .unreachable, "blackhole says so when a proxy adds a Sec-WebSocket-Protocol or Authorization header"
            )
        case 401, 403, 407:
            remedy = (.denied, "a proxy in between wants other credentials")
        case 500...: remedy = (.temporary, "the server, or a proxy before it, failed")
        default:
            remedy = (
                .unreachable,
                "whatever answers there is not blackhole, whose ports are usually 5555 (ws), 7777 or 5556 (wss)"
            )
        }
        var answer = "\(refusal.status)"
        if !refusal.reasonPhrase.isEmpty { answer += " \(ServerText.clean(refusal.reasonPhrase))" }
        let body = ServerText.clean(String(decoding: refusal.bodyPrefix, as: UTF8.self))
        if !body.isEmpty { answer += ", “\(body)”" }
        self.init(
            remedy.0, "\(url): the WebSocket upgrade was refused: \(answer) (\(remedy.1))", isOfOneURL: true)
    }

    /// Explains the end of a connection that was open.
    init(_ closure: Connection.Closure, from url: ServerURL) {
        let reason = closure.reason.isEmpty ? "" : ", “\(ServerText.clean(closure.reason))”"
        let code = closure.code.map { " with code \($0.rawValue)" } ?? ""
        let message =
            switch closure.origin {
            case .peer: "the server closed the connection\(code)\(reason)"
            case .local: "the connection is closed"
            case .protocolError: "the server broke the WebSocket protocol: \(closure.reason)"
            case .timeout: "the server does not answer any more: \(closure.reason)"
            case .transport: "the connection broke without a close frame, as when Kazoo stops"
            }
        self.init(.unreachable, "\(url): \(message)")
    }
}

extension SessionFailure.Kind {
    fileprivate init(_ error: CrossbarError) {
        switch error.code {
        case .wrongCredentials, .unknownAPIKey, .tokenRefused, .secondFactorRequired, .accountDisabled, .forbidden:
            self = .denied
        case .invalidRequest, .notFound: self = .rejected
        case .rateLimited: self = .throttled
        case .serverFailed: self = .temporary
        default: self = .unreachable
        }
    }
}
