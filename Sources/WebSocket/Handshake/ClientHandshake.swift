/// The opening handshake, from the client's side (RFC 6455 §4.1).
///
/// Transmit `request`, then give to `receive` whatever arrives until it answers anything but `.incomplete`. No extension
/// and no subprotocol is asked for: Kazoo compresses nothing, and refuses any subprotocol with 400.
public struct ClientHandshake: Sendable {
    /// The most bytes of heads that are read, those of interim responses included.
    static let maximumHeadSize = 64 * 1024
    /// The most bytes of a refusal's body that are kept.
    static let maximumBodyPrefix = 1024

    /// The request's bytes.
    public let request: [UInt8]

    private enum State {
        case head
        case body(ResponseHead)
        case finished
    }

    private let expectedAccept: String
    private var state = State.head
    private var received: [UInt8] = []
    /// The lines found so far in `received`, without their line ends.
    private var lines: [Range<Int>] = []
    /// Where the search for line ends goes on.
    private var scanned = 0
    /// The size of the interim responses left behind.
    private var interimSize = 0

    /// Prepares a request.
    ///
    /// - Parameters:
    ///   - host: The `Host` header's value, with the port where it is not the scheme's own.
    ///   - resource: The path, and the query if there is one.
    ///   - headers: More header fields, such as `User-Agent`; not those that the handshake itself consists of.
    ///   - key: 16 random bytes.
    ///   - sha1: Computes the SHA-1 digest of bytes.
    /// - Throws: `HandshakeError` with the code `invalidRequest` where a value could not stand in a request, or would
    ///   smuggle another header into it.
    public init(
        host: String,
        resource: String,
        headers: [(name: String, value: String)] = [],
        key: [UInt8],
        sha1: @Sendable ([UInt8]) -> [UInt8]
    ) throws(HandshakeError) {
        precondition(key.count == 16, "the key is 16 bytes (RFC 6455 §4.1)")
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isVisible) else {
            throw HandshakeError(.invalidRequest, "invalid host")
        }
        guard resource.hasPrefix("/"), resource.utf8.allSatisfy({ Self.isVisible($0) && $0 != UInt8(ascii: "#") })
        else {
            throw HandshakeError(.invalidRequest, "invalid resource: it is a path and a query, percent-encoded")
        }
        for (name, value) in headers {
            guard name.isHTTPToken else { throw HandshakeError(.invalidRequest, "invalid header field name") }
            guard !Self.isReserved(name) else {
                throw HandshakeError(.invalidRequest, "the header field \(name) may not be set")
            }
            // Bytes above 7F are opaque text; controls but the tab are forbidden (RFC 9110 §5.5).
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
                throw HandshakeError(.invalidRequest, "invalid value of the header field \(name)")
            }
        }

        let encodedKey = Base64.encode(key)
        // The GUID is RFC 6455's (§1.3).
        expectedAccept = Base64.encode(sha1(Array("\(encodedKey)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
        var lines = [
            "GET \(resource) HTTP/1.1",
            "Host: \(host)",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: \(encodedKey)",
            "Sec-WebSocket-Version: 13",
        ]
        lines += headers.map { "\($0.name): \($0.value)" }
        request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    private static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["host", "upgrade", "connection", "content-length", "transfer-encoding"].contains(name)
            || name.hasPrefix("sec-websocket-")
    }
}

// MARK: - Receiving

extension ClientHandshake {
    /// Takes the next bytes of the response.
    ///
    /// After an answer other than `.incomplete` the handshake is over, and must not be given more.
    ///
    /// - Parameter bytes: What the server sent.
    /// - Returns: How far the handshake has come.
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) -> HandshakeProgress {
        received.append(contentsOf: bytes)
        return advance(isEndOfStream: false)
    }

    /// Notes that the server has closed the stream, or that the caller waits no longer.
    ///
    /// - Returns: The refusal, if it was still being read; otherwise that the response is invalid.
    public mutating func endOfStream() -> HandshakeProgress {
        advance(isEndOfStream: true)
    }

    private mutating func advance(isEndOfStream: Bool) -> HandshakeProgress {
        do throws(HandshakeError) {
            while case .head = state {
                guard let head = try takeHead() else {
                    guard isEndOfStream else { return .incomplete }
                    throw HandshakeError(.endOfStream, "no response to the handshake")
                }
                switch head.status {
                case 101:
                    try checkUpgrade(head)
                    state = .finished
                    return .upgraded(leftover: received)
                case 100..<200:
                    break  // An interim response; another follows (RFC 9110 §15.2).
                default:
                    state = .body(head)
                }
            }
        } catch {
            state = .finished
            return .invalid(error)
        }

        guard case .body(let head) = state else { preconditionFailure("the handshake is over") }
        let (body, isComplete) = ResponseBody(of: head).prefix(of: received, limit: Self.maximumBodyPrefix)
        guard isComplete || isEndOfStream else { return .incomplete }
        state = .finished
        return .refused(
            HandshakeRefusal(
                status: head.status, reasonPhrase: head.reasonPhrase, headers: head.headers, bodyPrefix: body))
    }

    /// Takes a head off the front of `received`, or returns `nil` while it is incomplete.
    private mutating func takeHead() throws(HandshakeError) -> ResponseHead? {
        // What is not HTTP at all, such as TLS, may never bring a line end: do not wait for one.
        let opening = "HTTP/1.".utf8
        guard received.prefix(opening.count).elementsEqual(opening.prefix(received.count)) else {
            throw HandshakeError(.malformedResponse, "the server does not speak HTTP/1")
        }
        let limit = Self.maximumHeadSize - interimSize
        while let lineFeed = received[scanned...].firstIndex(of: UInt8(ascii: "\n")), lineFeed < limit {
            let start = lines.last.map { $0.upperBound + 2 } ?? 0
            guard lineFeed > start, received[lineFeed - 1] == UInt8(ascii: "\r") else {
                throw HandshakeError(.malformedResponse, "malformed response: bare line feed")
            }
            scanned = lineFeed + 1
            if lineFeed - 1 > start {
                lines.append(start..<lineFeed - 1)
                continue
            }
            let head = try ResponseHead(lines.map { received[$0] })
            received.removeFirst(scanned)
            interimSize += scanned
            scanned = 0
            lines = []
            return head
        }
        guard received.count < limit else {
            throw HandshakeError(.responseTooLarge, "the response's head is larger than 64 KiB")
        }
        scanned = received.count
        return nil
    }

    /// Checks what makes a 101 a WebSocket's (RFC 6455 §4.1, the list that ends it).
    private func checkUpgrade(_ head: ResponseHead) throws(HandshakeError) {
        func require(_ condition: Bool, _ message: String) throws(HandshakeError) {
            guard condition else { throw HandshakeError(.failedUpgrade, message) }
        }
        try require(head.minorVersion >= 1, "101 from a server of HTTP/1.0")
        try require(
            head.values("upgrade").map { $0.lowercased() } == ["websocket"], "101 without an upgrade to websocket")
        try require(head.list("connection").contains("upgrade"), "101 without Connection: Upgrade")
        try require(head.values("sec-websocket-accept") == [expectedAccept], "101 with the wrong Sec-WebSocket-Accept")
        try require(head.list("sec-websocket-extensions").isEmpty, "101 with an extension that was not requested")
        try require(head.list("sec-websocket-protocol").isEmpty, "101 with a subprotocol that was not requested")
    }
}
