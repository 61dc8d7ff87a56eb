import KazooSimulator
import Testing

/// TLS behind HAProxy, with authorities made by the test.
@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    private static let loopback = "IP:127.0.0.1,DNS:localhost"
    private let binding = ["--binding", "object.*.*"]

    /// A simulated Kazoo behind HAProxy.
    private struct Cluster {
        let kazoo: RunningKazoo
        let secure: Addresses
        let authority: CertificateAuthority
    }

    private func cluster(
        on stage: Stage, names: String = Self.loopback, host: String = "127.0.0.1", wantsCertificate: Bool = false
    ) async throws -> Cluster {
        let kazoo = try await stage.simulator()
        let authority = try await CertificateAuthority("authority", on: stage)
        let server = try await authority.issue("server", names: names)
        let verification = wantsCertificate ? " ca-file \(authority.certificate) verify required" : ""
        let secure = try await stage.haproxy(
            before: kazoo.addresses, bind: "ssl crt \(server.both)\(verification)", host: host)
        return Cluster(kazoo: kazoo, secure: secure, authority: authority)
    }

    /// Everything works: login, subscription, an event.
    private func expectEvent(of kazoo: RunningKazoo, in program: RunningProgram) async throws {
        try await program.isReady()
        let event = try RecordedEvent.named("object_doc_created_user")
        await kazoo.simulator.publish(try event.published)
        #expect(try await program.prints(lines: 1) == [event.frame])
    }

    private func expectRefusal(_ program: RunningProgram, _ words: String...) async throws {
        #expect(try await program.ended() == .exit(69), "\(program.said)")
        for word in words { #expect(program.errors.text.contains(word), "\(word): \(program.said)") }
        #expect(!program.errors.text.contains("waiting for events"))
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `the right authority is trusted, for REST and WebSocket`(host: String) async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage, host: host)
            let program = try stage.subscribe(
                to: cluster.secure, binding + ["--cacert", cluster.authority.certificate])
            try await expectEvent(of: cluster.kazoo, in: program)
        }
    }

    @Test func `SSL_CERT_FILE names the authority as well`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage)
            let program = try stage.subscribe(
                to: cluster.secure, binding, environment: ["SSL_CERT_FILE": cluster.authority.certificate])
            try await expectEvent(of: cluster.kazoo, in: program)
        }
    }

    @Test func `many events come through TLS whole and in order`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.recordedKazoo(.v5)
            let authority = try await CertificateAuthority("authority", on: stage)
            let server = try await authority.issue("server", names: Self.loopback)
            let secure = try await stage.haproxy(before: kazoo.addresses, bind: "ssl crt \(server.both)")
            let program = try stage.subscribe(
                to: secure,
                kazoo.subscribing + ["--cacert", authority.certificate, "--count", "\(kazoo.events.count)"])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.lines == kazoo.events)
            try await kazoo.saw("it leaves with 1000") { $0.closeCode == 1000 }
        }
    }

    @Test func `an authority that the system does not know is refused`() async throws {
        try await Stage.set { stage in
            let program = try stage.subscribe(to: try await cluster(on: stage).secure, binding)
            try await expectRefusal(program, "certificate is not trusted", "--cacert")
        }
    }

    @Test func `another authority is refused, for REST and WebSocket`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage)
            let other = try await CertificateAuthority("other", on: stage)
            let arguments = binding + ["--cacert", other.certificate]
            try await expectRefusal(
                stage.subscribe(to: cluster.secure, arguments), "certificate is not trusted", "--cacert")
            let half = Addresses(server: cluster.kazoo.addresses.server, websocket: cluster.secure.websocket)
            try await expectRefusal(stage.subscribe(to: half, arguments), "certificate is not trusted", "--cacert")
        }
    }

    @Test func `a certificate for another name is refused, whoever issued it`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage, names: "DNS:kazoo.example.com")
            let program = try stage.subscribe(
                to: cluster.secure, binding + ["--cacert", cluster.authority.certificate])
            try await expectRefusal(program, "127.0.0.1", "not for this name")
            #expect(!program.errors.text.contains("--cacert"), "that would not help: \(program.said)")
        }
    }

    @Test func `insecure accepts any certificate, and says what that means`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage, names: "DNS:kazoo.example.com")
            let program = try stage.subscribe(to: cluster.secure, binding + ["--insecure"])
            try await expectEvent(of: cluster.kazoo, in: program)
            #expect(program.errors.text.contains("warning --insecure: no certificate is checked"))
        }
    }

    @Test func `a client certificate is shown to whoever requires one`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage, wantsCertificate: true)
            let client = try await cluster.authority.issue("client", names: "DNS:client.example.com")
            let trusting = binding + ["--cacert", cluster.authority.certificate]
            let program = try stage.subscribe(
                to: cluster.secure, trusting + ["--cert", client.certificate, "--key", client.key])
            try await expectEvent(of: cluster.kazoo, in: program)
            try await expectRefusal(stage.subscribe(to: cluster.secure, trusting), "certificate required", "--cert")
        }
    }

    @Test func `files that cannot be used are named`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage)
            try await expectRefusal(
                stage.subscribe(to: cluster.secure, binding + ["--cacert", "/nowhere.pem"]), "/nowhere.pem", "--cacert")
        }
    }

    @Test func `a Kazoo that is away behind its proxy is worth another try`() async throws {
        try await Stage.set { stage in
            let cluster = try await cluster(on: stage)
            await cluster.kazoo.simulator.refuseConnections()
            let program = try stage.subscribe(
                to: cluster.secure, binding + ["--cacert", cluster.authority.certificate])
            #expect(try await program.ended() == .exit(75))
            #expect(program.errors.text.contains("503"))
        }
    }
}
