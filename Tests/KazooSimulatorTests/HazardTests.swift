import Events
import Testing

@testable import KazooSimulator

/// What goes wrong on demand, without sockets.
@Suite struct HazardTests {
    private func logIn(_ cluster: inout Cluster) -> Cluster.RESTAnswer {
        let request = CrossbarRequest(
            method: "PUT", target: "/v2/user_auth", body: Array(Sample.credentials.utf8))
        return cluster.respond(to: request, now: Bench.start)
    }

    // MARK: Log-in

    @Test func `log-ins fail as asked`() {
        let bench = Bench(.v4)
        func status(_ failure: Hazards.RequestFailure?) -> (Int, hasBody: Bool)? {
            bench.cluster.apiHazards.loginFailure = failure
            guard case .response(let response) = logIn(&bench.cluster) else { return nil }
            return (response.status, response.body != nil)
        }
        #expect(status(nil)! == (201, true))
        #expect(status(.tooManyRequests)! == (429, true))
        #expect(status(.internalError)! == (500, true))
        #expect(status(.bareInternalError)! == (500, false))
        #expect(status(.hangUp) == nil)
        #expect(bench.cluster.statistics(node: nil).logins == 5)
    }

    @Test func `a bucket of 100 runs dry and refills with time`() {
        var cluster = Cluster(configuration: SimulatorConfiguration())
        var granted = 0
        while case .response(let response) = logIn(&cluster), response.status == 201 { granted += 1 }
        #expect(granted == 100)
        let request = CrossbarRequest(method: "GET", target: "/v2/websockets")
        guard case .response(let later) = cluster.respond(to: request, now: Bench.start.advanced(by: .seconds(1)))
        else {
            return
        }
        #expect(later.body?["tokens"]?["remaining"] == 9)
    }

    @Test func `tokens run out, sessions do not`() throws {
        let bench = Bench(.v4) { $0.tokenLifetime = .seconds(60) }
        guard case .response(let response) = logIn(&bench.cluster), let token = response.body?["auth_token"] else {
            return
        }
        let session = bench.cluster.open(address: "127.0.0.1", port: 2, account: nil, now: bench.now)
        bench.session = session
        #expect(bench.send(["action": "ping", "auth_token": token])?["status"] == "success")
        bench.now = bench.now.advanced(by: .seconds(61))
        #expect(bench.send(["action": "ping", "auth_token": token])?["status"] == "success")
        bench.session = bench.cluster.open(address: "127.0.0.1", port: 3, account: nil, now: bench.now)
        #expect(bench.send(["action": "ping", "auth_token": token])?["status"] == "error")
    }

    @Test func `the token of a log-in says when it ends`() {
        let bench = Bench(.v4)
        guard case .response(let response) = logIn(&bench.cluster), let token = response.body?["auth_token"]?.string
        else {
            return
        }
        #expect(TokenTable.Grant(readingToken: token)?.expires == Bench.start.advanced(by: .seconds(3600)))
    }

    // MARK: The event server

    @Test func `upgrades are refused as asked`() {
        let bench = Bench(.v4)
        bench.cluster.nodes[0].hazards.upgradeStatus = 503
        let decision = bench.cluster.decide(onUpgrade: [:], address: "127.0.0.1", now: bench.now)
        #expect(decision == .refuse(status: 503))
    }

    @Test func `replies are lost`() {
        let bench = Bench(.v5)
        bench.cluster.nodes[0].hazards.lostReplies = 2
        #expect(bench.subscribe("call.*.*") == nil)
        #expect(bench.subscribe("call.*.*") == nil)
        #expect(bench.subscribe("call.*.*")?["data"]?["subscriptions"] == ["call.*.*"])
    }

    @Test func `a 4 without its ping module repeats the previous data`() {
        let bench = Bench(.v4)
        bench.cluster.nodes[0].hazards.lacksPing = true
        let data = bench.subscribe("call.CHANNEL_CREATE.*")?["data"]
        #expect(bench.send(["action": "ping"])?["data"] == data)
    }

    @Test func `events come twice`() {
        let bench = Bench(.v4)
        bench.subscribe("call.CHANNEL_CREATE.*")
        #expect(bench.deliver(Sample.call("one")) == 1)
        bench.cluster.nodes[0].hazards.duplicatesEvents = true
        #expect(bench.deliver(Sample.call("two")) == 2)
    }

    @Test func `events are lost while the broker is away`() {
        let bench = Bench(.v4)
        bench.cluster.nodes[0].hazards.losesEvents = true
        #expect(bench.subscribe("call.*.*")?["status"] == "success")
        #expect(bench.deliver(Sample.call("one")) == 0)
        bench.cluster.nodes[0].hazards.losesEvents = false
        #expect(bench.deliver(Sample.call("two")) == 1)
    }

    @Test func `a letter beyond ASCII in a key breaks the encoding`() {
        func isBreaking(_ key: String) -> Bool {
            SimulatedEvent(routingKey: "a", name: "b", data: #"{"v":[{"\#(key)":1}]}"#).breaksEncoding
        }
        #expect(["straße", "é", "Ä", "ñ"].allSatisfy(isBreaking))
        #expect(!["strasse", "日本", "🎉"].contains(where: isBreaking))
        #expect(!SimulatedEvent(routingKey: "a", name: "b", data: #"{"v":"é"}"#).breaksEncoding)
    }

    // MARK: False successes

    @Test func `4 takes nonsense for success`() {
        let bench = Bench(.v4)
        let empty: JSONValue = [
            "action": "subscribe", "data": ["account_id": "", "binding": "call.*.*"],
        ]
        #expect(bench.send(empty)?["status"] == "success")
        #expect(bench.subscribe("call.CHANNEL_CREATE.")?["status"] == "success")
        #expect(bench.subscribe("fax.object.nonsense")?["status"] == "success")
        #expect(bench.deliver(Sample.call("one")) == 0)
    }
}
