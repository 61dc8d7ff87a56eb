import Events
import Glibc
import Testing

@testable import KazooSimulator

/// Several event servers of one cluster.
@Suite struct ClusterTests {
    private static func pair(_ flavour: KazooFlavour = .v5) -> Bench { Bench(flavour) { $0.nodes = 2 } }

    /// Two event servers over sockets, with a subscribed client at each.
    private func withPair(
        _ body: (SimulatedKazoo, SimulatorEndpoints, [TestClient], String) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration(flavour: .v5)
        configuration.nodes = 2
        try await SimulatedKazoo.withRunning(configuration) { kazoo, endpoints in
            let token = try Sample.logIn(endpoints)
            let clients = try endpoints.websocketPorts.map { port in
                let client = try TestClient(port: port)
                _ = try client.request(TestClient.upgrade())
                #expect(try client.subscribe("call.CHANNEL_CREATE.*", token: token)?["status"] == "success")
                return client
            }
            try await body(kazoo, endpoints, clients, token)
        }
    }

    // MARK: Over sockets

    @Test func `an event reaches the sessions of every node with one msg_id`() async throws {
        try await withPair { kazoo, endpoints, clients, _ in
            #expect(Set(endpoints.websocketPorts).count == 2)
            #expect(endpoints.websockets.first == endpoints.websocket)
            #expect(await kazoo.publish(Sample.call("one")) == 2)
            let frames = try clients.map { try $0.frame()?.text }
            #expect(frames[0] == frames[1])
            #expect(frames[0]?.contains(#""msg_id":"one""#) == true)
            for node in 0..<2 {
                let statistics = await kazoo.statistics(node: node)
                #expect(statistics.connections == 1 && statistics.openConnections == 1)
                #expect(statistics.published == 1 && statistics.delivered == 1 && statistics.logins == 0)
            }
            let sum = await kazoo.statistics
            #expect(sum.connections == 2 && sum.openConnections == 2 && sum.logins == 1)
            #expect(sum.published == 1 && sum.delivered == 2 && sum.messages == 2)
        }
    }

    @Test func `one node is dropped and refuses while the other and the API live on`() async throws {
        try await withPair { kazoo, endpoints, clients, token in
            await kazoo.refuseConnections(node: 1)
            await kazoo.dropConnections(.fin, node: 1)
            #expect(try clients[1].isAtEnd())
            #expect(throws: TestClient.SocketError(call: "connect", code: ECONNREFUSED)) {
                try TestClient(port: endpoints.websocketPorts[1])
            }
            #expect(await kazoo.publish(Sample.call("one")) == 1)
            #expect(try clients[0].frame()?.json?["data"]?["call_id"] == "one")
            let again = try TestClient(port: endpoints.websocketPorts[0])
            #expect(try again.request(TestClient.upgrade()).status == 101)
            #expect(try !Sample.logIn(endpoints).isEmpty)
            try await kazoo.acceptConnections(node: 1)
            #expect(await kazoo.endpoints == endpoints)
            let back = try TestClient(port: endpoints.websocketPorts[1])
            #expect(try back.request(TestClient.upgrade()).status == 101)
            #expect(try back.subscribe("call.*.*", token: token)?["status"] == "success", "the token is the cluster's")
        }
    }

    @Test func `everything listens again after one node was taken away first`() async throws {
        try await withPair { kazoo, endpoints, _, _ in
            await kazoo.refuseConnections(node: 0)
            await kazoo.refuseConnections()
            try await kazoo.acceptConnections()
            try await kazoo.acceptConnections()
            #expect(await kazoo.endpoints == endpoints)
            for port in endpoints.websocketPorts + [endpoints.apiPort] { _ = try TestClient(port: port) }
        }
    }

    @Test func `hazards of one node leave the other and the API alone`() async throws {
        try await withPair { kazoo, endpoints, clients, _ in
            await kazoo.setHazards(node: 1) {
                $0.freezes = true
                $0.loginFailure = .internalError
            }
            #expect(await kazoo.publish(Sample.call("one")) == 2)
            let heard = try clients[0].frame()?.json
            #expect(heard?["data"]?["call_id"] == "one")
            #expect(try !Sample.logIn(endpoints).isEmpty)
            #expect(await !kazoo.hazards().freezes)
            #expect(await !kazoo.hazards(node: 0).freezes)
            #expect(await kazoo.hazards(node: 1).freezes)
            await kazoo.setHazards { $0.freezes = false }
            await kazoo.publish(Sample.call("two"))
            #expect(try clients[1].frame()?.json?["data"]?["call_id"] == "two", "the first was never sent")
        }
    }

    // MARK: Without sockets

    @Test func `events and replies are lost at one node`() {
        let bench = Self.pair()
        let other = bench.open(node: 1)
        bench.cluster.setHazards(node: 1) {
            $0.lostReplies = 1
            $0.losesEvents = true
        }
        #expect(bench.subscribe("call.*.*")?["status"] == "success")
        #expect(bench.subscribe("call.*.*", as: other) == nil)
        #expect(bench.hearers(of: Sample.call("one")) == [bench.session])
        bench.cluster.setHazards(node: 1) { $0.losesEvents = false }
        #expect(bench.hearers(of: Sample.call("two")) == [bench.session, other])
    }

    @Test func `a listener restarts and a stranger unsubscribes at one node`() {
        let bench = Self.pair()
        let other = bench.open(node: 1)
        bench.subscribe("object.*.*")
        bench.subscribe("object.*.*", as: other)
        bench.cluster.restartListener(node: 0)
        #expect(bench.hearers(of: Sample.document("one")) == [other])
        bench.unsubscribeStranger("object.*.*", node: 0)
        #expect(bench.hearers(of: Sample.document("two")) == [other])
        bench.unsubscribeStranger("object.*.*", node: 1)
        #expect(bench.hearers(of: Sample.document("three")).isEmpty)
    }

    @Test func `an event that breaks the encoding breaks it at every node`() {
        let bench = Self.pair()
        let other = bench.open(node: 1)
        for session in [bench.session, other] { bench.subscribe("call.*.*", as: session) }
        let poison = SimulatedEvent(routingKey: Sample.call("x").routingKey, name: "n", data: #"{"ü":1}"#)
        let publication = bench.cluster.publish(poison)
        #expect(publication.isBreaking && Set(publication.copies.map(\.session)) == [bench.session, other])
    }

    @Test func `the API lists the sockets of every node, and each counts its own`() throws {
        let bench = Bench(.v5) {
            $0.nodes = 2
            $0.maximumConnectionsPerAddress = 1
        }
        let headers = [
            "connection": "upgrade", "upgrade": "websocket", "sec-websocket-key": "x", "sec-websocket-version": "13",
        ]
        func decide(_ node: Int) -> UpgradeDecision {
            bench.cluster.decide(onUpgrade: headers, address: "127.0.0.1", node: node, now: bench.now)
        }
        #expect(decide(0) == .refuse(status: 429))
        #expect(decide(1) == .accept(account: nil))
        _ = bench.open(node: 1)
        #expect(decide(1) == .refuse(status: 429))
        bench.cluster.setHazards(node: nil) { $0.maximumConnectionsPerAddress = 2 }
        #expect(decide(0) == .accept(account: nil))
        bench.cluster.setHazards(node: 0) { $0.maximumConnectionsPerAddress = nil }
        for _ in 0..<5 { _ = bench.open() }
        #expect(decide(0) == .accept(account: nil))
        #expect(bench.cluster.statistics(node: 1).refusedUpgrades == 1)
        #expect(bench.cluster.statistics(node: nil).refusedUpgrades == 2)
        let sockets = bench.get("/v2/accounts/\(Sample.account)/websockets")?.body?["data"]?.array
        #expect(sockets?.count == 7)
        #expect(sockets?.compactMap { $0["destination"]?.string }.filter { $0.hasPrefix("kazoo2") }.count == 1)
    }
}
