import Blackhole
import Events
import Foundation
import KazooSimulator
import Subscriber
import Testing

/// Many accounts and connections, and what happened between two runs, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct ManyAccountsTests {
    private static let parent = "009afc511c97b2ae693c6cc4920988e8"

    private static func account(_ number: Int) -> SimulatedAccount {
        let digits = String(number, radix: 16)
        let id = "acc0" + String(repeating: "0", count: 28 - digits.count) + digits
        return SimulatedAccount(id: id, name: "Account \(number)", realm: "a\(number).example.com", parent: parent)
    }

    private func publish(_ number: Int, by kazoo: SimulatedKazoo) async -> Int {
        await kazoo.publishDocument(
            "doc_created", type: "user", id: "user\(number)", account: Self.account(number).id)
    }

    private func configuration(
        _ endpoints: SimulatorEndpoints, _ change: (inout SessionPolicy) -> Void
    ) throws -> SessionConfiguration {
        var policy = SessionPolicy.oneShot
        change(&policy)
        return try .simulated(endpoints, ["object.doc_created.user"], accounts: .descendants, policy: policy)
    }

    /// Every account is subscribed to once, whatever the number of connections that the server allows.
    @Test(arguments: [KazooFlavour.v4, .v5], [10, 3, 1])
    func sharesFollowWhatTheServerAllows(_ flavour: KazooFlavour, _ allowed: Int) async throws {
        var simulation = SimulatorConfiguration(flavour: flavour)
        simulation.accounts += (1...49).map(Self.account)
        simulation.maximumConnectionsPerAddress = allowed
        try await SimulatedKazoo.withRunning(simulation) { kazoo, endpoints in
            let (sink, reports) = (RecordingSink(limit: 49), Reports())
            let session = Session(
                try configuration(endpoints) { $0.subscriptionsPerConnection = 5 }, sink: sink,
                control: SessionControl(), report: reports.add)
            async let end = session.run()
            guard case .ready(confirmed: 50, refused: 0, let connections) = await reports.first(where: \.isReady)
            else {
                Issue.record("not ready: \(reports.all)")
                return
            }
            #expect(connections.count == allowed)
            for number in 1...49 { #expect(await publish(number, by: kazoo) == 1) }
            #expect(await end == .finished)
            #expect(Set(sink.record.lines).count == 49)
            #expect(await kazoo.statistics.connections == allowed)
            #expect(await kazoo.statistics.logins == 1)
        }
    }

    /// An account that appears later is found, subscribed to on the connection that stands, and the time since it may
    /// have been there is declared; one that goes is forgotten.
    @Test(arguments: [KazooFlavour.v4, .v5]) func accountsComeAndGo(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let session = Session(
                try configuration(endpoints) { $0.accountsInterval = .milliseconds(20) }, sink: sink,
                control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            let before = Timestamp.now
            await kazoo.addAccount(Self.account(1), announced: false)
            let after = Timestamp.now
            guard case .gap(let gap) = await reports.first(where: { if case .gap = $0 { true } else { false } }) else {
                Issue.record("not found: \(reports.all)")
                return
            }
            #expect(gap.reason == .accountFound)
            #expect(gap.accounts.map(\.description) == [Self.account(1).id])
            #expect(gap.from <= after && before <= gap.to)
            #expect(await publish(1, by: kazoo) == 1)
            await kazoo.removeAccount(Self.account(1).id)
            #expect(await reports.first { $0 == .accounts(count: 1) } != nil)
            control.stop()
            #expect(await end == .finished)
            #expect(sink.record.lines.first?.contains("account_found") == true)
            #expect(sink.record.lines.count { $0.contains("\"user1\"") } == 1)
            let statistics = await kazoo.statistics
            #expect(statistics.connections == 1)
            #expect(statistics.messages == 2, "one subscribe each; nothing is unsubscribed, it reaches beyond us")
        }
    }

    /// The token of the login has expired when the accounts are asked for again: a new login is made for it.
    @Test(arguments: [KazooFlavour.v4, .v5]) func theTokenIsRenewedForThePoll(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (reports, control) = (Reports(), SessionControl())
            let session = Session(
                try configuration(endpoints) { $0.accountsInterval = .milliseconds(20) }, sink: RecordingSink(),
                control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            await kazoo.expireTokens()
            await kazoo.addAccount(Self.account(1), announced: true)
            #expect(await reports.first { $0 == .accounts(count: 2) } != nil)
            control.stop()
            #expect(await end == .finished)
            #expect(await kazoo.statistics.logins == 2)
            #expect(await kazoo.statistics.connections == 1, "the connection lives on")
        }
    }

    // MARK: Between two runs

    @Test func theTimeBetweenTwoRunsIsDeclared() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("last-live-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            for run in 1...2 {
                let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
                var configuration = try SessionConfiguration.simulated(endpoints, ["call.*.*"])
                configuration.lastLive = LastLive(path: file.path)
                let before = try LastLive(path: file.path).load()
                let session = Session(configuration, sink: sink, control: control, report: reports.add)
                async let end = session.run()
                #expect(await reports.first(where: \.isReady) != nil)
                control.stop()
                #expect(await end == .finished)
                let saved = try #require(try LastLive(path: file.path).load())
                if run == 1 {
                    #expect(before == nil)
                    #expect(sink.record.lines == [])
                } else {
                    let from = try #require(before)
                    #expect(saved > from)
                    let line = try JSONValue(parsing: try #require(sink.record.lines.first))
                    #expect(line["reason"] == "not_running")
                    #expect(line["from"] == .string(from.description))
                    #expect(line["bindings"] == ["call.*.*"])
                }
            }
        }
    }
}
