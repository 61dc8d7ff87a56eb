import Crossbar
import KazooSimulator
import Network
import Secrets
import Testing
import Threads

@testable import SubscribeCommands

/// Check-ups of a simulated Kazoo, over real sockets.
@Suite struct DoctorRunTests {
    private static let server = ["DNS ok", "TCP ok", "login ok"]
    private static let websocket = ["DNS ok", "TCP ok", "upgrade ok", "subscribe ok", "ping ok"]

    /// A check-up of a Kazoo with which something may be wrong.
    private func outcome(
        _ flavour: KazooFlavour = .v5, hazards: Hazards = Hazards(),
        _ change: @Sendable (inout DoctorBench) -> Void = { _ in }
    ) async throws -> DoctorBench.Outcome {
        var configuration = SimulatorConfiguration(flavour: flavour)
        configuration.hazards = hazards
        return try await SimulatedKazoo.withRunning(configuration) { _, endpoints in
            var bench = try DoctorBench(endpoints)
            change(&bench)
            return try await bench.run()
        }
    }

    // MARK: Everything works

    @Test(arguments: KazooFlavour.allCases) func `every step of a healthy cluster`(_ flavour: KazooFlavour) async throws
    {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let outcome = try await DoctorBench(endpoints).run()
            #expect(outcome.states == Self.server + Self.websocket)
            #expect(outcome.verdict == Checkup.Verdict(exitCode: 0, message: "everything works"))
            let login = try #require(outcome.finding(.login))
            #expect(login.detail.hasPrefix("Kazoo \(flavour.version), account \(DoctorBench.account), token for "))
            #expect(login.detail.hasSuffix(" 99 request tokens left"))
            #expect(outcome.finding(.dns)?.detail == "127.0.0.1")
            #expect(outcome.finding(.tcp)?.detail == "connected to 127.0.0.1:\(endpoints.websocketPort), not encrypted")
            #expect(outcome.finding(.subscribe)?.detail == "object.doc_created.user for \(DoctorBench.account)")
            #expect(outcome.results.allSatisfy { $0.elapsed != nil })
            #expect(await kazoo.statistics.logins == 1)
            #expect(await kazoo.statistics.connections == 1)
        }
    }

    @Test func `all WebSockets are checked, each once`() async throws {
        let refused = RefusedPort()
        let port = refused.number
        let outcome = try await outcome { bench in
            bench.websockets.insert(ServerURL(scheme: .ws, host: "127.0.0.1", port: port), at: 0)
            bench.websockets += bench.websockets
        }
        withExtendedLifetime(refused) {}
        #expect(
            outcome.states == Self.server
                + ["DNS ok", "TCP failed 69", "upgrade skipped", "subscribe skipped", "ping skipped"] + Self.websocket)
        let result = outcome.results.first { $0.failure != nil }
        #expect(result?.finding?.detail == "127.0.0.1:\(port): Connection refused")
        #expect(
            result?.finding?.advice
                == "check host and port, and that the service runs there; blackhole is usually at ws port 5555 or wss port 7777 or 5556"
        )
        #expect(
            outcome.verdict
                == Checkup.Verdict(
                    exitCode: 69, message: "TCP failed at ws://127.0.0.1:\(port); 1 of 2 WebSockets works"))
    }

    // MARK: Login

    @Test func `a wrong password leaves everything but the subscription to check`() async throws {
        let outcome = try await outcome { $0.password = "wrong" }
        #expect(
            outcome.states == [
                "DNS ok", "TCP ok", "login failed 77", "DNS ok", "TCP ok", "upgrade ok", "subscribe skipped", "ping ok",
            ])
        #expect(outcome.results[6].outcome == .skipped(because: .login))
        #expect(outcome.verdict.exitCode == 77)
        #expect(outcome.finding(.login)?.detail.hasPrefix("wrong credentials or account") == true)
    }

    @Test(arguments: [
        (Hazards.RequestFailure.tooManyRequests, 75, "per address"), (.internalError, 75, "Crossbar's log"),
        (.bareInternalError, 75, "Crossbar's log"), (.hangUp, 69, "right port"),
    ]) func `a login that fails`(_ failure: Hazards.RequestFailure, exitCode: Int32, advice: String) async throws {
        let outcome = try await outcome(hazards: .with(\.loginFailure, failure))
        #expect(outcome.finding(.login)?.grade == .failure(exitCode: exitCode))
        #expect(outcome.finding(.login)?.advice?.contains(advice) == true)
        #expect(outcome.verdict.exitCode == exitCode)
    }

    @Test func `clocks that are apart are a warning`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            await kazoo.advanceTime(by: .seconds(630))
            let outcome = try await DoctorBench(endpoints).run()
            #expect(outcome.states == ["DNS ok", "TCP ok", "login warning"] + Self.websocket)
            #expect(outcome.finding(.login)?.advice?.hasPrefix("the server's clock is 10 min ahead of ours") == true)
            #expect(outcome.verdict.message == "everything works, with 1 warning")
        }
    }

    @Test func `a token that nobody knows is found out when subscribing`() async throws {
        let outcome = try await outcome { $0.token = "nonsense" }
        #expect(
            outcome.states == [
                "DNS ok", "TCP ok", "token ok", "DNS ok", "TCP ok", "upgrade ok", "subscribe failed 77", "ping ok",
            ])
        #expect(outcome.finding(.subscribe)?.advice?.contains("fresh token") == true)
        #expect(outcome.verdict.exitCode == 77)
    }

    // MARK: WebSocket

    @Test(arguments: [
        (429, 75, "max_connections_per_ip"), (400, 69, "Sec-WebSocket-Protocol"), (403, 77, "Authorization"),
        (503, 75, "is it running?"), (404, 69, "5555 (ws)"), (302, 69, "--websocket"),
    ]) func `an upgrade that is refused`(_ status: Int, exitCode: Int32, advice: String) async throws {
        let outcome = try await outcome(hazards: .with(\.upgradeStatus, status))
        #expect(
            outcome.states == Self.server + [
                "DNS ok", "TCP ok", "upgrade failed \(exitCode)", "subscribe skipped", "ping skipped",
            ])
        #expect(outcome.finding(.upgrade)?.detail.hasPrefix("refused: \(status) ") == true)
        #expect(outcome.finding(.upgrade)?.advice?.contains(advice) == true)
        #expect(outcome.results.suffix(2).map(\.outcome) == [.skipped(because: .upgrade), .skipped(because: .upgrade)])
    }

    @Test(arguments: KazooFlavour.allCases) func `a module that is not loaded`(_ flavour: KazooFlavour) async throws {
        let outcome = try await outcome(flavour) { $0.bindings = ["call.*.*", "qubicle.queue.x"] }
        #expect(outcome.states.suffix(2) == ["subscribe failed 77", "ping ok"])
        let finding = try #require(outcome.finding(.subscribe))
        #expect(finding.detail == "qubicle.queue.x for \(DoctorBench.account) is refused; 1 of 2 confirmed")
        #expect(finding.advice?.hasSuffix("sup blackhole_maintenance start_module bh_qubicle") == true)
    }

    @Test func `a reply that is lost`() async throws {
        let outcome = try await outcome(hazards: .with(\.lostReplies, 1)) { $0.limit = .seconds(10) }
        #expect(outcome.states.suffix(2) == ["subscribe failed 69", "ping ok"])
        #expect(outcome.finding(.subscribe)?.detail == "no answer within 10.0 s")
    }

    @Test func `pongs that do not come`() async throws {
        let outcome = try await outcome(hazards: .with(\.withholdsPongs, true)) { $0.limit = .seconds(10) }
        #expect(outcome.states.suffix(2) == ["subscribe ok", "ping failed 69"])
        #expect(outcome.finding(.ping)?.detail == "no pong within 10.0 s")
    }

    @Test func `a server that hangs does not hold up the check-up`() async throws {
        let outcome = try await outcome(hazards: .with(\.freezes, true)) { $0.limit = .seconds(10) }
        #expect(
            outcome.states == [
                "DNS ok", "TCP ok", "login failed 69", "DNS ok", "TCP ok", "upgrade failed 69", "subscribe skipped",
                "ping skipped",
            ])
        #expect(outcome.finding(.login)?.detail.hasPrefix("no answer in time") == true)
        #expect(outcome.finding(.login)?.advice == "the server hangs, or the port is another service's")
        #expect(outcome.finding(.upgrade)?.detail == "no answer within 10.0 s")
    }

    // MARK: Secrets

    @Test func `no secret is ever shown`() async throws {
        let outcome = try await outcome { $0.password = "correct horse" }
        let hash = try CredentialHash(username: "admin", password: Secret("correct horse"), method: .sha1)
        #expect(!outcome.text.contains("correct horse"))
        #expect(!outcome.text.contains(hash.value.reveal()))

        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let server = try ServerURL(parsing: endpoints.api, schemes: [.http])
            let token = try await BlockingThread.run("login") {
                Result {
                    let hash = try CredentialHash(username: "admin", password: Secret("secret"), method: .sha1)
                    var options = NetworkOptions()
                    options.proxy = ""
                    return try CrossbarClient(server: server, options: options, interruption: Interruption())
                        .login(.user(hash, account: .name("Acme"))).token.value.reveal()
                }
            }.get()
            var bench = try DoctorBench(endpoints)
            bench.token = token
            let good = try await bench.run()
            #expect(good.verdict.exitCode == 0)
            await kazoo.expireTokens()
            // Kazoo repeats the token that it refuses.
            let bad = try await bench.run()
            #expect(bad.verdict.exitCode == 77)
            #expect(!good.text.contains(token) && !bad.text.contains(token))
        }
    }
}

extension Hazards {
    /// One thing goes wrong.
    fileprivate static func with<Value>(_ hazard: WritableKeyPath<Hazards, Value>, _ value: Value) -> Hazards {
        var hazards = Hazards()
        hazards[keyPath: hazard] = value
        return hazards
    }
}
