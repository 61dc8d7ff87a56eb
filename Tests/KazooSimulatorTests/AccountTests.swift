import Events
import Testing

@testable import KazooSimulator

/// Accounts that come and go, and many of them.
@Suite struct AccountTests {
    private static let master = SimulatedAccount.recorded[0].id
    private static let newcomer = SimulatedAccount(
        id: "00000000000000000000000000000001", name: "Newcomer", realm: "new.sip.example.com",
        parent: Sample.descendant)

    private func names(below account: String, _ bench: Bench) -> [String]? {
        let response = bench.get("/v2/accounts/\(account)/descendants?paginate=false")
        return response?.body?["data"]?.array?.compactMap { $0["name"]?.string }
    }

    @Test func `descendants follow`() {
        let bench = Bench(.v5)
        #expect(names(below: Sample.account, bench) == ["Acme West"])
        _ = bench.cluster.add(Self.newcomer, now: bench.now)
        #expect(names(below: Sample.account, bench) == ["Newcomer", "Acme West"])
        #expect(names(below: Self.master, bench) == ["Other", "Newcomer", "Acme West", "Acme"])
        #expect(bench.subscribe("call.*.*", account: Self.newcomer.id)?["status"] == "success")
        var moved = Self.newcomer
        moved.name = "Aardvark"
        moved.parent = Self.master
        _ = bench.cluster.add(moved, now: bench.now)
        #expect(names(below: Sample.account, bench) == ["Acme West"])
        #expect(names(below: Self.master, bench) == ["Other", "Acme West", "Acme", "Aardvark"])
        bench.cluster.removeAccount(moved.id)
        #expect(bench.subscribe("object.*.*", account: moved.id)?["status"] == "error")
        #expect(bench.deliver(Sample.call("one", account: moved.id)) == 1, "what is subscribed stays so")
    }

    @Test func `an account goes with all below it and their users`() {
        let bench = Bench(.v4)
        _ = bench.cluster.add(Self.newcomer, now: bench.now)
        bench.cluster.removeAccount(Sample.account)
        #expect(names(below: Self.master, bench) == ["Other"])
        let login = CrossbarRequest(method: "PUT", target: "/v2/user_auth", body: Array(Sample.credentials.utf8))
        guard case .response(let response) = bench.cluster.respond(to: login, now: bench.now) else {
            Issue.record("no answer")
            return
        }
        #expect(response.status == 401)
    }

    @Test(arguments: KazooFlavour.allCases) func `nobody above hears of a new account`(_ flavour: KazooFlavour) throws {
        let bench = Bench(flavour)
        let admin = bench.open(account: Self.master)
        bench.subscribe("object.*.*", account: Self.master, as: admin)
        bench.subscribe("object.doc_created.account", account: Sample.account)
        bench.subscribe("object.*.*", account: Sample.descendant)
        for account in ["*", "accounts", Self.newcomer.id] {
            let reply = bench.subscribe("object.doc_created.account", account: account, as: admin)
            #expect(reply?["status"] == "error", "\(account)")
        }
        let events = bench.cluster.add(Self.newcomer, now: bench.now)
        #expect(
            events.map(\.routingKey) == [
                "doc_created.account%2F00%2F00%2F0000000000000000000000000001.account.\(Self.newcomer.id)",
                "doc_created.accounts.account.\(Self.newcomer.id)",
            ])
        #expect(events.map { bench.deliver($0) } == [0, 0])
        let data = try events.map { try JSONValue(parsing: $0.data) }
        #expect(data.allSatisfy { $0["account_id"]?.string == Self.newcomer.id && $0["type"] == "account" })
        #expect(data[0]["msg_id"] != data[1]["msg_id"])
    }

    @Test func `accounts come, are announced, and go while it runs`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            #expect(try client.subscribe("call.*.*", account: Self.newcomer.id, token: token)?["status"] == "error")
            await kazoo.addAccount(Self.newcomer, announced: false)
            #expect(await kazoo.statistics.published == 0)
            #expect(try client.subscribe("object.*.*", account: Self.newcomer.id, token: token)?["status"] == "success")
            await kazoo.addAccount(Self.newcomer, announced: true)
            #expect(await kazoo.statistics.published == 2)
            #expect(try client.frame()?.json?["data"]?["id"]?.string == Self.newcomer.id)
            await kazoo.removeAccount(Self.newcomer.id)
            #expect(try client.subscribe("call.*.*", account: Self.newcomer.id, token: token)?["status"] == "error")
        }
    }

    @Test func `ten thousand descendants are listed page by page`() throws {
        let accounts = Crowd.accounts(10_000, below: Sample.account)
        let bench = Bench(.v5) { $0.accounts += accounts }
        var seen: [String] = []
        var next: String? = ""
        while let start = next, seen.count <= 10_001 {
            let query = start.isEmpty ? "" : "&start_key=\(start)"
            let response = bench.get("/v2/accounts/\(Sample.account)/descendants?page_size=500\(query)")
            let body = try #require(response?.body)
            seen += body["data"]?.array?.compactMap { $0["id"]?.string } ?? []
            next = body["next_start_key"]?.string
            bench.now = bench.now.advanced(by: .seconds(1))
        }
        #expect(seen.count == 10_001)
        #expect(Set(seen) == Set(accounts.map(\.id) + [Sample.descendant]))
    }
}
