import Network
import Testing
import WebSocket

@testable import Subscriber

@Suite struct SessionFailureTests {
    private static let url = ServerURL(scheme: .ws, host: "kazoo", port: 5555)

    /// A refusal as the handshake makes it of a server's bytes.
    private func failure(_ response: String) throws -> SessionFailure {
        var handshake = try ClientHandshake(
            host: "kazoo:5555", resource: "/", headers: [], key: [UInt8](repeating: 0, count: 16),
            sha1: { _ in [UInt8](repeating: 0, count: 20) })
        var progress = Array(response.utf8).withUnsafeBytes { handshake.receive($0) }
        if case .incomplete = progress { progress = handshake.endOfStream() }
        guard case .refused(let refusal) = progress else {
            Issue.record("not a refusal: \(progress)")
            throw SessionFailure(.rejected, "no refusal")
        }
        return SessionFailure(refusal, from: Self.url)
    }

    @Test(arguments: [
        ("400 Bad Request", SessionFailure.Kind.unreachable, "Sec-WebSocket-Protocol"),
        ("401 Unauthorized", .denied, "a proxy in between wants other credentials"),
        ("403 Forbidden", .denied, "a proxy in between wants other credentials"),
        ("404 Not Found", .unreachable, "5555 (ws), 7777 or 5556 (wss)"),
        ("200 OK", .unreachable, "5555 (ws), 7777 or 5556 (wss)"),
        ("429 Too Many Requests", .crowded, "max_connections_per_ip"),
        ("500 Internal Server Error", .temporary, "failed"),
        ("502 Bad Gateway", .temporary, "failed"),
    ])
    func refusedUpgrade(_ status: String, _ kind: SessionFailure.Kind, _ words: String) throws {
        let failure = try failure("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
        #expect(failure.kind == kind)
        #expect(failure.message.hasPrefix("ws://kazoo:5555: the WebSocket upgrade was refused: \(status) ("))
        #expect(failure.message.contains(words))
    }

    /// What a gateway says reaches the terminal as one line of plain text.
    @Test func bodyIsPrintable() throws {
        let body = "<h1>no\u{1b}[31m\r\n\tgateway\u{7}</h1>\u{0}"
        let failure = try failure("HTTP/1.1 502 Bad\u{9}Gateway\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(failure.message.contains("502 Bad Gateway, “<h1>no\u{FFFD}[31m gateway\u{FFFD}</h1>\u{FFFD}”"))
        #expect(!failure.message.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }

    @Test func bodyIsShort() throws {
        let body = String(repeating: "x", count: 1000)
        let failure = try failure("HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\n\(body)")
        #expect(failure.message.count { $0 == "x" } <= 200 + 5)
    }

    @Test(arguments: [
        (
            Connection.Closure(code: .internalError, reason: "", origin: .peer, isClean: true),
            "the server closed the connection with code 1011"
        ),
        (
            Connection.Closure(code: .normalClosure, reason: "idle\u{1b}[2J\n", origin: .peer, isClean: true),
            "the server closed the connection with code 1000, “idle\u{FFFD}[2J”"
        ),
        (
            Connection.Closure(code: nil, origin: .peer, isClean: true), "the server closed the connection"
        ),
        (
            Connection.Closure(code: nil, origin: .transport, isClean: false),
            "the connection broke without a close frame, as when Kazoo stops"
        ),
        (
            Connection.Closure(code: nil, reason: "no pong in 10 s", origin: .timeout, isClean: false),
            "the server does not answer any more: no pong in 10 s"
        ),
        (
            Connection.Closure(code: .protocolError, reason: "a masked frame", origin: .protocolError, isClean: false),
            "the server broke the WebSocket protocol: a masked frame"
        ),
    ])
    func closure(_ closure: Connection.Closure, _ words: String) {
        let failure = SessionFailure(closure, from: Self.url)
        #expect(failure.kind == .unreachable)
        #expect(failure.message == "ws://kazoo:5555: \(words)")
    }
}
