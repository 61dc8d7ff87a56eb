import Foundation
import KazooSimulator
import Testing

/// Through Debian's tinyproxy.
@Suite(.timeLimit(.minutes(10))) struct ForwardProxyTests {
    private let binding = ["--binding", "object.*.*"]

    /// A forward proxy and its log.
    private struct Proxy {
        let url: String
        let program: RunningProgram

        /// The requests that went through it so far.
        var requests: [String] {
            program.output.lines.compactMap { $0.firstMatch(of: /Request .*?: ((CONNECT|PUT|GET) \S+)/) }
                .map { String($0.1) }
        }
    }

    /// - Parameters:
    ///   - allowed: the ports to which tunnels are allowed.
    ///   - user: the user and password that it wants, if any.
    private func proxy(on stage: Stage, allowed: [Int], user: String? = nil) async throws -> Proxy {
        let port = try Ports.free()
        let lines =
            [
                "Port \(port)", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 600", "MaxClients 20",
                "LogLevel Connect",
            ] + allowed.map { "ConnectPort \($0)" } + (user.map { ["BasicAuth \($0)"] } ?? [])
        let configuration = try stage.file("tinyproxy.conf", lines.joined(separator: "\n") + "\n")
        let program = try await stage.startServer("tinyproxy", ["-d", "-c", configuration], ports: [port])
        return Proxy(url: "http://127.0.0.1:\(port)", program: program)
    }

    /// Everything works: login, subscription, an event.
    private func expectEvent(of kazoo: RunningKazoo, in program: RunningProgram) async throws {
        try await program.isReady()
        let event = try RecordedEvent.named("object_doc_created_user")
        await kazoo.simulator.publish(try event.published)
        #expect(try await program.prints(lines: 1) == [event.frame])
    }

    /// What the proxy's log shows when REST and WebSocket have both gone through it.
    private func requests(to kazoo: RunningKazoo) -> [String] {
        ["PUT \(kazoo.endpoints.api)/v2/user_auth", "CONNECT 127.0.0.1:\(kazoo.endpoints.websocketPort)"]
    }

    @Test func `proxy carries REST and WebSocket`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let proxy = try await proxy(on: stage, allowed: [kazoo.endpoints.websocketPort])
            let program = try stage.subscribe(to: kazoo.addresses, binding + ["--proxy", proxy.url])
            try await expectEvent(of: kazoo, in: program)
            #expect(proxy.requests == requests(to: kazoo))
        }
    }

    @Test(arguments: ["http_proxy", "ALL_PROXY"])
    func `the environment's proxy is used`(variable: String) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let proxy = try await proxy(on: stage, allowed: [kazoo.endpoints.websocketPort])
            let program = try stage.subscribe(to: kazoo.addresses, binding, environment: [variable: proxy.url])
            try await expectEvent(of: kazoo, in: program)
            #expect(proxy.requests == requests(to: kazoo))
        }
    }

    @Test func `TLS goes through the proxy in tunnels, named by HTTPS_PROXY`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let authority = try await CertificateAuthority("authority", on: stage)
            let server = try await authority.issue("server", names: "IP:127.0.0.1")
            let secure = try await stage.haproxy(before: kazoo.addresses, bind: "ssl crt \(server.both)")
            let proxy = try await proxy(on: stage, allowed: [secure.server.port, secure.websocket.port])
            let program = try stage.subscribe(
                to: secure, binding + ["--cacert", authority.certificate], environment: ["HTTPS_PROXY": proxy.url])
            try await expectEvent(of: kazoo, in: program)
            #expect(
                proxy.requests == ["CONNECT \(secure.server.authority)", "CONNECT \(secure.websocket.authority)"])
        }
    }

    @Test func `NO_PROXY exempts a server`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let proxy = try await proxy(on: stage, allowed: [])
            let program = try stage.subscribe(
                to: kazoo.addresses, binding, environment: ["http_proxy": proxy.url, "NO_PROXY": "127.0.0.1"])
            try await expectEvent(of: kazoo, in: program)
            #expect(proxy.requests.isEmpty)
        }
    }

    @Test func `a proxy that allows no tunnel is named, with the remedy`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let proxy = try await proxy(on: stage, allowed: [1])
            let program = try stage.subscribe(to: kazoo.addresses, binding + ["--proxy", proxy.url])
            #expect(try await program.ended() == .exit(69))
            let message = try #require(program.errors.lines.last)
            for word in ["proxy refused", "403", "allow CONNECT to port \(kazoo.endpoints.websocketPort)"] {
                #expect(message.contains(word), "\(message)")
            }
        }
    }

    @Test func `a proxy may want a user and a password, which are not shown`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let ports = [kazoo.endpoints.apiPort, kazoo.endpoints.websocketPort]
            let proxy = try await proxy(on: stage, allowed: ports, user: "proxy-user proxy-password")
            let url = proxy.url.replacing("http://", with: "http://proxy-user:proxy-password@")
            let program = try stage.subscribe(to: kazoo.addresses, binding, environment: ["http_proxy": url])
            try await expectEvent(of: kazoo, in: program)

            // Only the WebSocket goes through it: tinyproxy resets a refused request whose body it has not read.
            var addresses = kazoo.addresses
            addresses.server = addresses.server.replacing("127.0.0.1", with: "localhost")
            let stranger = try stage.subscribe(
                to: addresses, binding, environment: ["http_proxy": proxy.url, "NO_PROXY": "localhost"])
            #expect(try await stranger.ended() == .exit(69))
            let message = try #require(stranger.errors.lines.last)
            #expect(message.contains("proxy refused") && message.contains("user name and password"), "\(message)")

            proxy.program.terminate()
            let lost = try stage.subscribe(to: kazoo.addresses, binding + ["--proxy", url])
            #expect(try await lost.ended() == .exit(69))
            #expect(lost.errors.text.contains("through the proxy http://127.0.0.1:"), "\(lost.said)")
            for program in [program, lost] { #expect(!program.said.contains("proxy-password"), "\(program.said)") }
        }
    }

    @Test func `a proxy that does not run is named`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let url = "http://127.0.0.1:\(try Ports.free())"
            for program in [
                try stage.subscribe(to: kazoo.addresses, binding + ["--proxy", url]),
                try stage.subscribe(to: kazoo.addresses, binding, environment: ["http_proxy": url]),
            ] {
                #expect(try await program.ended() == .exit(69))
                #expect(program.errors.text.contains("proxy"), "\(program.said)")
            }
        }
    }
}
