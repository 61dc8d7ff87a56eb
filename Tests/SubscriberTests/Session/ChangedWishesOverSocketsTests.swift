import Blackhole
import KazooSimulator
import Subscriber
import Testing

/// A session that is live changes what it wants, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct ChangedWishesOverSocketsTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let subAccount = "b1946ac92492d2347c6235b4d2611184"

    private func wishes(
        _ bindings: [String], for accounts: SessionConfiguration.Accounts = .own
    ) throws -> [SessionConfiguration.Wanted] {
        try bindings.map { SessionConfiguration.Wanted(accounts: accounts, binding: try Binding($0)) }
    }

    /// A user is created, edited or deleted; how many copies of the event went out.
    private func publish(
        _ id: String, _ action: String = "doc_created", of account: String = account, by kazoo: SimulatedKazoo
    ) async -> Int {
        await kazoo.publishDocument(action, type: "user", id: id, account: account)
    }

    /// What stays comes without a gap all the time, what is new comes, what is gone does not, and the connection stands.
    @Test(arguments: [KazooFlavour.v4, .v5]) func bindingsChange(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let (kept, gone, new) = ("object.doc_created.user", "object.doc_edited.user", "object.doc_deleted.user")
            let session = Session(
                try .simulated(endpoints, [kept, gone]), sink: sink, control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(await publish("before", "doc_edited", by: kazoo) == 1)
            #expect(await sink.record.next()?.contains("\"before\"") == true)

            control.want(try wishes([kept, new]))
            var count = 0
            repeat {
                #expect(await publish("during \(count)", by: kazoo) == 1)
                count += 1
            } while reports.all.count(where: \.isReady) < 2
            #expect(reports.all.contains(.changed(added: 1, removed: 1)))
            guard case .ready(confirmed: 2, refused: 0, _) = reports.all.last(where: \.isReady) else {
                Issue.record("not ready: \(reports.all)")
                return
            }
            #expect(await publish("gone", "doc_edited", by: kazoo) == 1, "Kazoo is not told, and goes on sending it")
            #expect(await publish("new", "doc_deleted", by: kazoo) == 1)
            #expect(await publish("last", by: kazoo) == 1)
            while let line = await sink.record.next(), !line.contains("\"last\"") {}
            control.stop()
            #expect(await end == .finished)

            let events = sink.record.lines.filter { $0.hasPrefix(#"{"action":"event""#) }
            let expected = ["before"] + (0..<count).map { "during \($0)" } + ["new", "last"]
            #expect(events.count == expected.count)
            for (event, id) in zip(events, expected) { #expect(event.contains("\"\(id)\"")) }
            #expect(sink.record.sequences == (1...UInt64(expected.count)).map { $0 })
            let gaps = sink.record.lines.filter { $0.hasPrefix(#"{"action":"gap""#) }
            #expect(gaps.allSatisfy { !$0.contains(kept) && !$0.contains(new) }, "\(gaps)")
            #expect(await kazoo.statistics.connections == 1)
            let connected = reports.all.compactMap { if case .connected(_, let id) = $0 { id } else { nil } }
            #expect(connected == [ConnectionID(1)])
        }
    }

    /// The accounts below the login's are followed, and no longer, on the same connection.
    @Test(arguments: [KazooFlavour.v4, .v5]) func descendantsComeAndGo(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let binding = "object.doc_created.user"
            let session = Session(
                try .simulated(endpoints, [binding], policy: .forever), sink: sink, control: control,
                report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(await publish("unwanted", of: Self.subAccount, by: kazoo) == 0)

            control.want(try wishes([binding]) + wishes([binding], for: .descendants))
            guard case .ready(confirmed: 2, refused: 0, _) = await reports.first(where: \.isReady) else {
                Issue.record("not ready: \(reports.all)")
                return
            }
            #expect(await publish("below", of: Self.subAccount, by: kazoo) == 1)
            control.want(try wishes([binding]))
            guard case .ready(confirmed: 1, refused: 0, _) = await reports.first(where: \.isReady) else {
                Issue.record("not ready: \(reports.all)")
                return
            }
            #expect(await publish("gone", of: Self.subAccount, by: kazoo) == 1)
            #expect(await publish("own", by: kazoo) == 1)
            while let line = await sink.record.next(), !line.contains("\"own\"") {}
            control.stop()
            #expect(await end == .finished)

            let events = sink.record.lines.filter { $0.hasPrefix(#"{"action":"event""#) }
            #expect(events.count == 2)
            for (event, id) in zip(events, ["below", "own"]) { #expect(event.contains("\"\(id)\"")) }
            #expect(!sink.record.lines.contains { $0.contains("account_found") || $0.contains("not_running") })
            #expect(await kazoo.statistics.connections == 1)
            #expect(await kazoo.statistics.logins == 1)
        }
    }

    /// A connection that was made before anybody followed accounts tells of new ones from then on.
    @Test func newAccountsAreHeardOf() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (reports, control) = (Reports(), SessionControl())
            let binding = "object.doc_created.account"
            var policy = SessionPolicy.forever
            policy.accountsInterval = .seconds(3600)
            let session = Session(
                try .simulated(endpoints, [binding], policy: policy), sink: RecordingSink(), control: control,
                report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            control.want(try wishes([binding]) + wishes(["call.*.*"], for: .descendants))
            #expect(await reports.first { $0 == .accounts(count: 1) } != nil)
            #expect(await reports.first(where: \.isReady) != nil)
            let new = SimulatedAccount(
                id: "acc00000000000000000000000000001", name: "New", realm: "new.example.com", parent: Self.account)
            await kazoo.addAccount(new, announced: false)
            #expect(
                await kazoo.publishDocument("doc_created", type: "account", id: new.id, account: Self.account) == 1)
            #expect(await reports.first { $0 == .accounts(count: 2) } != nil)
            control.stop()
            #expect(await end == .finished)
        }
    }

    /// What is not possible is told, and the session goes on.
    @Test func whatIsNotPossible() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(limit: 1), Reports(), SessionControl())
            let binding = "object.doc_created.user"
            let session = Session(
                try .simulated(endpoints, [binding]), sink: sink, control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            control.want(try wishes([binding], for: .account(AccountID("*"))))
            let refusal = await reports.first { if case .changeRefused = $0 { true } else { false } }
            guard case .changeRefused(let failure) = refusal else {
                Issue.record("it is not possible: \(reports.all)")
                return
            }
            #expect(failure.kind == .rejected)
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(await publish("1", by: kazoo) == 1)
            #expect(await end == .finished)
        }
    }
}
