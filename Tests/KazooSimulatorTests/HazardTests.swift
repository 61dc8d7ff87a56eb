import Events
import Testing

@testable import KazooSimulator

/// What goes wrong on demand, without sockets.
@Suite struct HazardTests {
    private static let start = SimulatorInstant(nanoseconds: 1_795_230_000 * 1_000_000_000)

    /// A node with one authenticated session.
    private final class Bench {
        var node: KazooNode
        var session: SessionID
        var now = start

        init(_ flavour: KazooFlavour, _ change: (inout SimulatorConfiguration) -> Void = { _ in }) {
            var configuration = SimulatorConfiguration(flavour: flavour)
            change(&configuration)
            node = KazooNode(configuration: configuration)
            session = node.open(address: "127.0.0.1", port: 1, account: Sample.account, now: now)
        }

        func send(_ command: JSONValue) -> JSONValue? {
            let actions = node.receive(Array(command.json.utf8), from: session, now: now)
            guard case .send(let text) = actions.first else { return nil }
            return JSONValue(reading: Array(text.utf8))
        }

        @discardableResult func command(_ action: String, _ binding: String) -> JSONValue? {
            send([
                "action": .string(action), "request_id": "r",
                "data": ["account_id": .string(Sample.account), "binding": .string(binding)],
            ])
        }

        @discardableResult func subscribe(_ binding: String) -> JSONValue? { command("subscribe", binding) }

        func deliver(_ event: SimulatedEvent) -> Int { node.publish(event).copies.count }
    }

    private func logIn(_ node: inout KazooNode) -> KazooNode.RESTAnswer {
        let request = CrossbarRequest(
            method: "PUT", target: "/v2/user_auth", body: Array(Sample.credentials.utf8))
        return node.respond(to: request, now: Self.start)
    }

    // MARK: Log-in

    @Test func `log-ins fail as asked`() {
        let bench = Bench(.v4)
        func status(_ failure: Hazards.RequestFailure?) -> (Int, hasBody: Bool)? {
            bench.node.hazards.loginFailure = failure
            guard case .response(let response) = logIn(&bench.node) else { return nil }
            return (response.status, response.body != nil)
        }
        #expect(status(nil)! == (201, true))
        #expect(status(.tooManyRequests)! == (429, true))
        #expect(status(.internalError)! == (500, true))
        #expect(status(.bareInternalError)! == (500, false))
        #expect(status(.hangUp) == nil)
        #expect(bench.node.statistics.logins == 5)
    }

    @Test func `a bucket of 100 runs dry and refills with time`() {
        var node = KazooNode(configuration: SimulatorConfiguration())
        var granted = 0
        while case .response(let response) = logIn(&node), response.status == 201 { granted += 1 }
        #expect(granted == 100)
        let request = CrossbarRequest(method: "GET", target: "/v2/websockets")
        guard case .response(let later) = node.respond(to: request, now: Self.start.advanced(by: .seconds(1))) else {
            return
        }
        #expect(later.body?["tokens"]?["remaining"] == 9)
    }

    @Test func `tokens run out, sessions do not`() throws {
        let bench = Bench(.v4) { $0.tokenLifetime = .seconds(60) }
        guard case .response(let response) = logIn(&bench.node), let token = response.body?["auth_token"] else {
            return
        }
        let session = bench.node.open(address: "127.0.0.1", port: 2, account: nil, now: bench.now)
        bench.session = session
        #expect(bench.send(["action": "ping", "auth_token": token])?["status"] == "success")
        bench.now = bench.now.advanced(by: .seconds(61))
        #expect(bench.send(["action": "ping", "auth_token": token])?["status"] == "success")
        bench.session = bench.node.open(address: "127.0.0.1", port: 3, account: nil, now: bench.now)
        #expect(bench.send(["action": "ping", "auth_token": token])?["status"] == "error")
    }

    @Test func `the token of a log-in says when it ends`() {
        let bench = Bench(.v4)
        guard case .response(let response) = logIn(&bench.node), let token = response.body?["auth_token"]?.string else {
            return
        }
        #expect(TokenTable.Grant(readingToken: token)?.expires == Self.start.advanced(by: .seconds(3600)))
    }

    // MARK: The event server

    @Test func `upgrades are refused as asked`() {
        let bench = Bench(.v4)
        bench.node.hazards.upgradeStatus = 503
        let decision = bench.node.decide(onUpgrade: [:], address: "127.0.0.1", now: bench.now)
        #expect(decision == .refuse(status: 503))
    }

    @Test func `replies are lost`() {
        let bench = Bench(.v5)
        bench.node.hazards.lostReplies = 2
        #expect(bench.subscribe("call.*.*") == nil)
        #expect(bench.subscribe("call.*.*") == nil)
        #expect(bench.subscribe("call.*.*")?["data"]?["subscriptions"] == ["call.*.*"])
    }

    @Test func `a 4 without its ping module repeats the previous data`() {
        let bench = Bench(.v4)
        bench.node.hazards.lacksPing = true
        let data = bench.subscribe("call.CHANNEL_CREATE.*")?["data"]
        #expect(bench.send(["action": "ping"])?["data"] == data)
    }

    @Test func `events come twice`() {
        let bench = Bench(.v4)
        bench.subscribe("call.CHANNEL_CREATE.*")
        #expect(bench.deliver(Sample.call("one")) == 1)
        bench.node.hazards.duplicatesEvents = true
        #expect(bench.deliver(Sample.call("two")) == 2)
    }

    @Test func `events are lost while the broker is away`() {
        let bench = Bench(.v4)
        bench.node.hazards.losesEvents = true
        #expect(bench.subscribe("call.*.*")?["status"] == "success")
        #expect(bench.deliver(Sample.call("one")) == 0)
        bench.node.hazards.losesEvents = false
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

    // MARK: Silence

    @Test(arguments: ["object.*.*", "call.*.*"]) func `a stranger silences 4 until it subscribes again`(
        _ binding: String
    ) {
        let event = binding.hasPrefix("call") ? Sample.call("one") : Sample.document("one")
        let bench = Bench(.v4)
        bench.subscribe(binding)
        #expect(bench.deliver(event) == 1)
        bench.node.unsubscribeStranger(account: Sample.account, binding: binding, now: bench.now)
        #expect(bench.deliver(event) == 0)
        #expect(bench.subscribe(binding)?["status"] == "success")
        #expect(bench.deliver(event) == 1)
    }

    @Test func `a stranger silences 5 until it unsubscribes and subscribes`() {
        let bench = Bench(.v5)
        bench.subscribe("object.*.*")
        bench.node.unsubscribeStranger(account: Sample.account, binding: "object.*.*", now: bench.now)
        bench.subscribe("object.*.*")
        #expect(bench.deliver(Sample.document("one")) == 0)
        bench.command("unsubscribe", "object.*.*")
        bench.subscribe("object.*.*")
        #expect(bench.deliver(Sample.document("two")) == 1)
    }

    @Test func `call events of 5 know no strangers`() {
        let bench = Bench(.v5)
        bench.subscribe("call.*.*")
        bench.node.unsubscribeStranger(account: Sample.account, binding: "call.*.*", now: bench.now)
        #expect(bench.deliver(Sample.call("one")) == 1)
    }

    @Test func `a session that left is not missed`() {
        let bench = Bench(.v4)
        bench.subscribe("call.*.*")
        let other = bench.node.open(address: "127.0.0.1", port: 2, account: Sample.account, now: bench.now)
        let own = bench.session
        bench.session = other
        bench.subscribe("call.*.*")
        bench.node.close(other)
        bench.session = own
        #expect(bench.deliver(Sample.call("one")) == 1)
        bench.node.close(own)
        #expect(bench.deliver(Sample.call("two")) == 0)
        #expect(!bench.node.hasSubscribers)
    }

    @Test func `a restarted listener hears nothing until somebody subscribes`() {
        let bench = Bench(.v4)
        bench.subscribe("call.*.*")
        bench.node.restartListener()
        #expect(bench.deliver(Sample.call("one")) == 0)
        bench.subscribe("call.*.*")
        #expect(bench.deliver(Sample.call("two")) == 1)
    }

    @Test(arguments: KazooFlavour.allCases) func `the month turns`(_ flavour: KazooFlavour) {
        func fax(_ yearMonth: String) -> SimulatedEvent {
            SimulatedEvent(
                routingKey: "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8-\(yearMonth).fax.f1",
                name: "doc_created", data: "{}")
        }
        let bench = Bench(flavour)
        bench.subscribe("fax.object.*")
        #expect(bench.deliver(fax("202611")) == 1)
        let rest = CivilDate(unixSeconds: bench.now.unixSeconds).secondsUntilNextMonth
        bench.now = bench.now.advanced(by: .seconds(rest))
        #expect(bench.deliver(fax("202612")) == 0)
        bench.subscribe("fax.object.*")
        #expect(bench.deliver(fax("202612")) == 1)
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
