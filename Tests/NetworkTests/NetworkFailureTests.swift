import Network
import Testing
import Threads

/// What goes wrong on real sockets, and what a person is told about it.
@Suite(.timeLimit(.minutes(10))) struct NetworkFailureTests {
    private static func get(_ url: ServerURL) -> HTTPRequest { HTTPRequest(method: "GET", url: url) }

    @Test func refused() async throws {
        try await LoopbackServer.withClosedPort { url in
            let error = try #require(await failure(Self.get(url)))
            #expect(error.code == .unreachable)
            #expect(error.server == "127.0.0.1:\(url.port)")
            #expect(error.remedy == "check host and port, and that the service runs there")
            #expect(error.description.hasPrefix("127.0.0.1:\(url.port): "))
        }
    }

    @Test func unresolved() async throws {
        // RFC 6761 section 6.4: this name never has an address.
        let url = ServerURL(scheme: .http, host: "kazoo.invalid", port: 8000)
        let error = try #require(await failure(Self.get(url)))
        #expect(error.code == .unresolved)
        #expect(error.message == "the host name cannot be resolved")
    }

    @Test(arguments: [
        ("", false, NetworkError.Code.connectionLost, "the server closed the connection without an answer"),
        ("", true, .connectionLost, ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", false, .connectionLost, ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", true, .connectionLost, ""),
        ("SSH-2.0-OpenSSH_9.2\r\n", false, .badAnswer, "not a usable HTTP answer"),
        ("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{46}", false, .badAnswer, "not a usable HTTP answer"),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", false, .badAnswer, "encoding"),
    ])
    func brokenAnswer(
        _ answer: String, _ isReset: Bool, _ code: NetworkError.Code, _ words: String
    ) async throws {
        let error = try await LoopbackServer.withRunning(
            .http,
            { peer in
                _ = peer.request()
                peer.write(answer)
                if isReset { peer.resetOnClose() }
            },
            { try await failure(Self.get($0)) })
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(words.isEmpty || error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func requestTimesOut() async throws {
        var options = NetworkOptions.direct
        options.requestTimeout = .milliseconds(200)
        let error = try await LoopbackServer.withRunning(
            .http, { peer in while !peer.read().isEmpty {} }, { [options] in try await failure(Self.get($0), options) })
        #expect(error?.code == .timedOut)
    }

    /// The TLS handshake belongs to connecting.
    @Test func connectingTimesOut() async throws {
        var options = NetworkOptions.direct
        options.connectTimeout = .milliseconds(200)
        let error = try await LoopbackServer.withRunning(
            .https, { peer in while !peer.read().isEmpty {} }, { [options] in try await failure(Self.get($0), options) }
        )
        #expect(error?.code == .timedOut)
    }

    @Test func noTLSThere() async throws {
        let error = try await LoopbackServer.withRunning(
            .https,
            { peer in
                _ = peer.read()
                peer.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            },
            { try await failure(Self.get($0)) })
        #expect(error?.code == .tlsFailed)
        #expect(error?.message == "the server does not speak TLS on this port")
        #expect(error?.remedy == "use http://, or the port that speaks TLS")
    }

    /// Minutes before its timeouts, which would be called ``NetworkError/Code/timedOut``: what ends the request is the
    /// interruption, which libcurl asks for each second.
    @Test(arguments: [ServerURL.Scheme.http, .https]) func interrupted(_ scheme: ServerURL.Scheme) async throws {
        let interruption = Interruption()
        let error = try await LoopbackServer.withRunning(
            scheme,
            { peer in
                _ = peer.read()
                interruption.raise()
                while !peer.read().isEmpty {}
            },
            { try await failure(Self.get($0), until: interruption) })
        #expect(error?.code == .abandoned)
    }

    @Test func interruptedBefore() async throws {
        let interruption = Interruption()
        interruption.raise()
        let error = try await LoopbackServer.withRunning(
            .http, { _ = $0.request() }, { try await failure(Self.get($0), until: interruption) })
        #expect(error?.code == .abandoned)
    }

    // MARK: Proxies

    @Test(arguments: ["http://user:hunter2@127.0.0.1:PORT", "user:hunter2@127.0.0.1:PORT"])
    func proxyRefusesConnections(_ proxy: String) async throws {
        let error = try await LoopbackServer.withClosedPort { closed in
            let options = NetworkOptions.through(proxy: proxy.replacing("PORT", with: "\(closed.port)"))
            return try await failure(Self.get(ServerURL(scheme: .http, host: "kazoo.example.com", port: 8000)), options)
        }
        let words = try #require(error).description
        #expect(words.contains("through the proxy"))
        #expect(words.contains("127.0.0.1:"))
        #expect(!words.contains("hunter2"))
        #expect(!words.contains("user"))
    }

    /// libcurl repeats the URL of a proxy that it cannot use, password and all.
    @Test(arguments: [
        "gopher://user:hunter2@proxy.invalid:1", "http://user:hunter2@proxy.invalid:port",
        "http://user:hun ter2@proxy.invalid", "http://user:hun@ter2@proxy.invalid",
    ])
    func proxyThatCannotBeUsed(_ proxy: String) async throws {
        let error = try await failure(
            Self.get(ServerURL(scheme: .http, host: "kazoo.example.com", port: 8000)), .through(proxy: proxy))
        let words = try #require(error).description
        #expect(!words.contains("hun"), "\(words)")
        #expect(!words.contains("ter2"), "\(words)")
    }

    @Test func noProxyIsNotBlamed() async throws {
        try await LoopbackServer.withClosedPort { url in
            let error = try #require(await failure(Self.get(url), .direct))
            #expect(!error.description.contains("proxy"))
        }
    }

    @Test(arguments: [("ca.pem", "", ""), ("", "cert.pem", "key.pem")])
    func filesThatAreNotThere(_ authorities: String, _ certificate: String, _ key: String) async throws {
        var options = NetworkOptions.direct
        if !authorities.isEmpty { options.authorities = "/nonexistent/\(authorities)" }
        if !certificate.isEmpty { options.certificate = "/nonexistent/\(certificate)" }
        if !key.isEmpty { options.key = "/nonexistent/\(key)" }
        let error = try await LoopbackServer.withRunning(
            .https, { _ = $0.read() }, { [options] in try await failure(Self.get($0), options) })
        #expect(error?.code == .unusableFile)
        #expect(error?.remedy == "check --cacert, --cert and --key")
    }
}
