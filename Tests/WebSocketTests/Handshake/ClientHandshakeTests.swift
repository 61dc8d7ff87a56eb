import Testing

@testable import WebSocket

@Suite struct ClientHandshakeTests {
    /// RFC 6455 §1.3: `dGhlIHNhbXBsZSBub25jZQ==`.
    private static let sampleKey = Array("the sample nonce".utf8)
    private static let accepted = """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
        \r

        """

    private func handshake() throws -> ClientHandshake {
        try ClientHandshake(host: "server.example.com", resource: "/chat", key: Self.sampleKey, sha1: sha1)
    }

    /// What a handshake says to a response, given whole and then, to another handshake, bytewise.
    private func progress(
        _ response: String, endOfStream: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> HandshakeProgress {
        let bytes = Array(response.utf8)
        var whole = try handshake()
        var result = bytes.withUnsafeBytes { whole.receive($0) }
        if result == .incomplete, endOfStream { result = whole.endOfStream() }

        var bytewise = try handshake()
        var split = HandshakeProgress.incomplete
        for byte in bytes where split == .incomplete {
            split = [byte].withUnsafeBytes { bytewise.receive($0) }
        }
        if split == .incomplete, endOfStream { split = bytewise.endOfStream() }
        if case .upgraded = result {
            #expect(split == .upgraded(leftover: []), sourceLocation: sourceLocation)
        } else {
            #expect(split == result, sourceLocation: sourceLocation)
        }
        return result
    }

    private func error(_ response: String, endOfStream: Bool = false) throws -> HandshakeError? {
        guard case .invalid(let error) = try progress(response, endOfStream: endOfStream) else { return nil }
        return error
    }

    private func refusal(_ response: String, endOfStream: Bool = false) throws -> HandshakeRefusal? {
        guard case .refused(let refusal) = try progress(response, endOfStream: endOfStream) else { return nil }
        return refusal
    }

    // MARK: The request

    @Test func writesTheRequest() throws {
        let handshake = try ClientHandshake(
            host: "[::1]:5555", resource: "/socket?x=1",
            headers: [("User-Agent", "kazoo-subscribe/1"), ("X-Empty", "")],
            key: Self.sampleKey, sha1: sha1)
        let expected = """
            GET /socket?x=1 HTTP/1.1\r
            Host: [::1]:5555\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            User-Agent: kazoo-subscribe/1\r
            X-Empty: \r
            \r

            """
        #expect(String(decoding: handshake.request, as: UTF8.self) == expected)
    }

    @Test(
        arguments: [
            ("", "/", nil), ("a b", "/", nil), ("a\r\nX: y", "/", nil), ("a\n", "/", nil), ("ä", "/", nil),
            ("a", "", nil), ("a", "chat", nil), ("a", "/a b", nil), ("a", "/\r\nX: y", nil), ("a", "/#part", nil),
            ("a", "/ä", nil), ("a", "/\u{0}", nil), ("a", "/", ("X", "y\r\nZ: w")), ("a", "/", ("X", "y\n")),
            ("a", "/", ("X", "\u{0}")), ("a", "/", ("X Y", "z")), ("a", "/", ("", "z")), ("a", "/", ("X:", "z")),
            ("a", "/", ("X\r\nY", "z")), ("a", "/", ("Ä", "z")), ("a", "/", ("hOST", "b")),
            ("a", "/", ("Upgrade", "h2c")),
            ("a", "/", ("Sec-WebSocket-Protocol", "kazoo")),
        ] as [(String, String, (String, String)?)])
    func refusesWhatCannotStandInARequest(_ host: String, _ resource: String, _ header: (String, String)?) {
        let error = #expect(throws: HandshakeError.self) {
            _ = try ClientHandshake(
                host: host, resource: resource, headers: header.map { [$0] } ?? [], key: Self.sampleKey, sha1: sha1)
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func anErrorDoesNotQuoteAHeadersValue() {
        let error = #expect(throws: HandshakeError.self) {
            _ = try ClientHandshake(
                host: "a", resource: "/", headers: [("Cookie", "secret\n")], key: Self.sampleKey, sha1: sha1)
        }
        #expect(error?.description == "invalid value of the header field Cookie")
    }

    // MARK: The upgrade

    @Test func acceptsTheSample() throws {
        #expect(try progress(Self.accepted) == .upgraded(leftover: []))
    }

    @Test func handsOverWhatFollowsTheHead() throws {
        #expect(try progress(Self.accepted + "\u{1}\u{2}\r\n\r\n") == .upgraded(leftover: [1, 2, 13, 10, 13, 10]))
    }

    @Test(arguments: [
        ("Upgrade: websocket", "uPGRADE:\tWebSocket \t"),
        ("Connection: Upgrade", "connection: keep-alive, ,uPgRaDe"),
        ("Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade"),
        ("Connection: Upgrade", "Connection: keep-alive,\r\n  upgrade"),
        ("101 Switching Protocols", "101 "),
        ("101 Switching Protocols", "101"),
        ("Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions:"),
    ])
    func acceptsWhatMeansTheSame(_ original: String, _ replacement: String) throws {
        #expect(try progress(Self.accepted.replacing(original, with: replacement)) == .upgraded(leftover: []))
    }

    @Test(arguments: [
        ("HTTP/1.1", "HTTP/1.0"), ("Upgrade: websocket", "X: y"), ("Upgrade: websocket", "Upgrade: h2c"),
        ("Upgrade: websocket", "Upgrade: websocket2"), ("Connection: Upgrade", "X: y"),
        ("Connection: Upgrade", "Connection: close"), ("Connection: Upgrade", "Connection: not-upgrade"),
        ("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "X: y"), ("s3p", "S3p"), ("xOo=", "xOo"),
        ("Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ("Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate"),
        ("Upgrade: websocket", "Upgrade: websocket\r\nSec-WebSocket-Protocol: kazoo"),
    ])
    func rejectsAnUpgradeThatIsNone(_ original: String, _ replacement: String) throws {
        #expect(try error(Self.accepted.replacing(original, with: replacement))?.code == .failedUpgrade)
    }

    @Test func skipsInterimResponses() throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        #expect(try progress(interim + Self.accepted) == .upgraded(leftover: []))
    }

    // MARK: What is not HTTP

    @Test(arguments: [
        "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{28}", "SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n\r\n",
        "\r\nHTTP/1.1 200\r\n\r\n",
        "HTTP/1.1\r\n\r\n", "HTTP/1.1 1O1 x\r\n\r\n", "HTTP/1.1 1010 x\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n",
        "HTTP/1.x 101 x\r\n\r\n", "HTTP/1.1 101 x\n\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "HTTP/1.1 200 OK\r\n: y\r\n\r\n", "HTTP/1.1 200 OK\r\nX: \u{0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
    ])
    func rejectsWhatIsNotHTTP(_ response: String) throws {
        #expect(try error(response)?.code == .malformedResponse)
    }

    @Test func doesNotWaitForTheEndOfWhatIsNotHTTP() throws {
        #expect(try error("X")?.code == .malformedResponse)
        #expect(try progress("HTTP/1") == .incomplete)
    }

    @Test(arguments: ["", "HTTP/1.1 101", "HTTP/1.1 100 Continue\r\n\r\n"])
    func rejectsAStreamThatEndsInTheHead(_ response: String) throws {
        #expect(try error(response, endOfStream: true)?.code == .endOfStream)
    }

    @Test func rejectsAHeadOfMoreThan64KiB() throws {
        func response(_ size: Int) -> String {
            let rest = "HTTP/1.1 429 x\r\nContent-Length: 0\r\nX: \r\n\r\n"
            return rest.replacing("X: ", with: "X: " + String(repeating: "a", count: size - rest.utf8.count))
        }
        #expect(try refusal(response(65_536))?.status == 429)
        #expect(try error(response(65_537))?.code == .responseTooLarge)
        #expect(try error(String(response(65_600).dropLast(2)))?.code == .responseTooLarge)
        let interim = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3000)
        #expect(try error(interim)?.code == .responseTooLarge)
    }

    // MARK: Refusals

    @Test func reportsARefusal() throws {
        let refusal = try refusal(
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\ncontent-length: 4\r\n\r\nwait and more")
        #expect(
            refusal
                == HandshakeRefusal(
                    status: 429, reasonPhrase: "Too Many Requests",
                    headers: [("Retry-After", "5"), ("content-length", "4")], bodyPrefix: Array("wait".utf8)))
        #expect(refusal?.header("retry-after") == "5")
        #expect(refusal?.header("Server") == nil)
    }

    @Test func waitsForTheBodyUntilTheStreamEnds() throws {
        let response = "HTTP/1.0 503 Unavailable\r\nContent-Length: 10\r\n\r\nbusy"
        #expect(try progress(response) == .incomplete)
        #expect(try refusal(response, endOfStream: true)?.bodyPrefix == Array("busy".utf8))
    }
}
