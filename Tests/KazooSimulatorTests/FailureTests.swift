import Events
import Testing

@testable import KazooSimulator

/// Answers of the REST API and of the upgrade that go wrong.
@Suite struct FailureTests {
    private func status(_ bench: Bench, login: Bool = true) -> Int? {
        let request =
            login
            ? CrossbarRequest(method: "PUT", target: "/v2/user_auth", body: Array(Sample.credentials.utf8))
            : CrossbarRequest(method: "GET", target: "/v2/websockets")
        return switch bench.cluster.respond(to: request, now: bench.now) {
        case .response(let response): response.status
        case .canned(let answer): answer.status
        case .hangUp, .hang: nil
        }
    }

    @Test func `so many log-ins fail and then all is well`() {
        let bench = Bench(.v4)
        bench.cluster.apiHazards.loginFailure = .unauthorized
        bench.cluster.apiHazards.failingLogins = 2
        #expect(status(bench, login: false) == 200, "another request is no log-in")
        #expect((0..<4).map { _ in status(bench) } == [401, 401, 201, 201])
        #expect(bench.cluster.apiHazards == Hazards())
    }

    @Test func `so many requests fail, log-ins do not`() {
        let bench = Bench(.v4)
        bench.cluster.apiHazards.requestFailure = .answer(.page(200))
        bench.cluster.apiHazards.failingRequests = 1
        #expect(status(bench) == 201)
        #expect((0..<2).map { _ in status(bench, login: false) } == [200, 200])
        bench.cluster.apiHazards.requestFailure = .tooManyRequests
        #expect(
            (0..<3).map { _ in status(bench, login: false) } == [429, 429, 429], "every one, where none is counted")
        bench.cluster.apiHazards.failingRequests = 0
        #expect(status(bench, login: false) == 200)
    }

    @Test func `upgrades fail as asked, so many at one node`() {
        let bench = Bench(.v4) { $0.nodes = 2 }
        func decide(_ node: Int) -> UpgradeDecision {
            bench.cluster.decide(onUpgrade: [:], address: "127.0.0.1", node: node, now: bench.now)
        }
        bench.cluster.setHazards(node: 1) {
            $0.upgradeFailure = .tooManyRequests
            $0.failingUpgrades = 1
        }
        guard case .refuse(let usual) = decide(0) else {
            Issue.record("no upgrade was asked for")
            return
        }
        #expect(usual.status == 426)
        #expect(decide(1) == .refuse(status: 429))
        #expect(decide(1) == .refuse(usual))
        for (failure, decision) in [
            (Hazards.RequestFailure.hang, UpgradeDecision.hang), (.hangUp, .hangUp),
            (.unauthorized, .refuse(status: 401)),
            (.internalError, .refuse(status: 500)), (.answer(.page(502)), .refuse(.page(502))),
        ] {
            bench.cluster.setHazards(node: 0) { $0.upgradeFailure = failure }
            #expect(decide(0) == decision)
        }
    }

    // MARK: Over sockets

    @Test func `answers are given as they are, and then Kazoo's own`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            await kazoo.setHazards {
                $0.loginFailure = .answer(CannedAnswer(status: 200, contentType: "application/json", body: "{garbage"))
                $0.failingLogins = 1
                $0.upgradeFailure = .answer(.redirection(to: "wss://elsewhere.example.com/", status: 301))
                $0.failingUpgrades = 1
            }
            let api = try TestClient(port: endpoints.apiPort)
            let garbage = try api.request(Sample.logInHead, body: Sample.credentials)
            #expect(garbage.status == 200 && garbage.body == "{garbage")
            #expect(garbage.head.contains("content-type: application/json"))
            #expect(try api.request(Sample.logInHead, body: Sample.credentials).status == 201, "the connection stays")
            let redirected = try TestClient(port: endpoints.websocketPort).request(TestClient.upgrade())
            #expect(redirected.status == 301 && redirected.body.isEmpty)
            #expect(redirected.head.contains("location: wss://elsewhere.example.com/"))
            await kazoo.setHazards { $0.upgradeFailure = .answer(.page(200)) }
            let page = try TestClient(port: endpoints.websocketPort).request(TestClient.upgrade())
            #expect(page.status == 200 && page.body == CannedAnswer.page(200).body)
            #expect(page.head.contains("content-type: text/html"))
            await kazoo.setHazards { $0.upgradeFailure = nil }
            #expect(try TestClient(port: endpoints.websocketPort).request(TestClient.upgrade()).status == 101)
            #expect(await kazoo.statistics.refusedUpgrades == 2)
        }
    }

    @Test(.timeLimit(.minutes(10))) func `nothing comes until the end`() async throws {
        let kazoo = SimulatedKazoo()
        let endpoints = try await kazoo.start()
        await kazoo.setHazards {
            $0.loginFailure = .hang
            $0.failingLogins = 1
            $0.upgradeFailure = .hang
        }
        let login = try TestClient(port: endpoints.apiPort)
        try login.send(Array((Sample.logInHead + "\r\n\r\n" + Sample.credentials).utf8))
        let upgrade = try TestClient(port: endpoints.websocketPort)
        try upgrade.send(Array((TestClient.upgrade() + "\r\n\r\n").utf8))
        // Both have been read.
        while await kazoo.statistics.logins == 0 { await Task.yield() }
        while await kazoo.statistics.refusedUpgrades == 0 { await Task.yield() }
        #expect(try !Sample.logIn(endpoints).isEmpty)
        await kazoo.shutdown()
        #expect(try login.isAtEnd())
        #expect(try upgrade.isAtEnd())
    }
}
