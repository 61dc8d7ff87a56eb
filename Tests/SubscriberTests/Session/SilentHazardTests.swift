import Blackhole
import Events
import KazooSimulator
import Subscriber
import Synchronization
import Testing
import Threads

/// What Kazoo does without a word, over real sockets: with a second server as a witness nothing is lost, and without one
/// the loss lies in a declared gap.
@Suite(.timeLimit(.minutes(10))) struct SilentHazardTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let binding = "object.doc_created.user"

    /// A hazard that silences a subscription, and which servers it befalls.
    enum Hazard: CaseIterable, CustomTestStringConvertible {
        case strangersUnsubscribe, lostListener, lostBroker

        var testDescription: String { "\(self)" }

        func befall(_ kazoo: SimulatedKazoo, node: Int) async {
            switch self {
            case .strangersUnsubscribe:
                await kazoo.unsubscribeStranger(account: account, binding: binding, node: node)
            case .lostListener: await kazoo.restartListener(node: node)
            case .lostBroker: await kazoo.setHazards(node: node) { $0.losesEvents = true }
            }
        }

        func end(_ kazoo: SimulatedKazoo, node: Int) async {
            if self == .lostBroker { await kazoo.setHazards(node: node) { $0.losesEvents = false } }
        }
    }

    /// A user is created; how many copies of the event went out.
    private func publish(_ id: String, by kazoo: SimulatedKazoo) async -> Int {
        await kazoo.publishDocument("doc_created", type: "user", id: id, account: Self.account)
    }

    /// Waits for as many lines as there are events, which are to bring each once: in any order, for no server waits for the
    /// other.
    private func expect(
        _ ids: [String], in record: RecordingSink.Record, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        var lines: [String] = []
        for _ in ids { if let line = await record.nextCertain() { lines.append(line) } }
        for id in ids {
            #expect(lines.count { $0.contains("\"\(id)\"") } == 1, "\(id): \(lines)", sourceLocation: sourceLocation)
        }
    }

    private func configuration(
        _ endpoints: SimulatorEndpoints, _ change: (inout SessionPolicy) -> Void
    ) throws -> SessionConfiguration {
        var policy = SessionPolicy.oneShot
        policy.renewalInterval = nil
        policy.settlePause = .milliseconds(50)
        policy.backoff = .init(base: .milliseconds(1))
        change(&policy)
        return try .simulated(endpoints, [Self.binding], policy: policy)
    }

    @Test(arguments: [KazooFlavour.v4, .v5], Hazard.allCases)
    func twoServersLoseNothing(_ flavour: KazooFlavour, _ hazard: Hazard) async throws {
        var simulation = SimulatorConfiguration(flavour: flavour)
        simulation.nodes = 2
        try await SimulatedKazoo.withRunning(simulation) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let session = Session(
                try configuration(endpoints) { $0.redundancy = 2 }, sink: sink, control: control,
                report: reports.add)
            async let end = session.run()
            #expect(await reports.settles(2))
            #expect(await publish("1", by: kazoo) == 2)
            for node in [0, 1] {
                await hazard.befall(kazoo, node: node)
                #expect(await publish("node\(node)", by: kazoo) == 1, "one server is silent")
                await hazard.end(kazoo, node: node)
                // Whoever is silent for good is healed by hand: by a new connection, after the old one has gone.
                await kazoo.dropConnections(.fin, node: node)
                #expect(await reports.settles(1))
            }
            #expect(await publish("2", by: kazoo) == 2)
            await expect(["1", "node0", "node1", "2"], in: sink.record)
            control.stop()
            #expect(await end == .finished)
            #expect(sink.record.certain.count == 4, "no copy, and no gap: \(sink.record.lines)")
            #expect(await kazoo.statistics.connections == 4)
            #expect(await kazoo.statistics.logins == 1)
        }
    }

    @Test(arguments: [KazooFlavour.v4, .v5], Hazard.allCases)
    func oneServerDeclaresADoubt(_ flavour: KazooFlavour, _ hazard: Hazard) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let session = Session(
                try configuration(endpoints) { $0.renewalInterval = .seconds(2) }, sink: sink,
                control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            // A renewal may come between the hazard and the event, and heal it; then it befalls Kazoo again, when the event
            // has come out. So it does when a reply may be on its way from before the hazard: both vouch for the time until
            // they are here.
            var before = Timestamp.now
            while true {
                await hazard.befall(kazoo, node: 0)
                let isAsking = reports.isAsking
                before = .now
                let copies = await publish("lost", by: kazoo)
                if copies > 0 { while let line = await sink.record.next(), !line.contains("\"lost\"") {} }
                if copies == 0, !isAsking { break }
            }
            await hazard.end(kazoo, node: 0)
            // The next renewal heals without being told, and says since when nobody could vouch for anything.
            let doubt = await reports.first { if case .gap(let gap) = $0 { gap.to >= before } else { false } }
            guard case .gap(let gap) = doubt else {
                Issue.record("no doubt: \(reports.all)")
                return
            }
            #expect(gap.reason == .unverified)
            #expect(gap.from <= before && before <= gap.to)
            #expect(gap.accounts.map(\.description) == [Self.account])
            #expect(gap.bindings.map(\.description) == [Self.binding])
            if flavour == .v5 {
                // The end of the old connection may take the listener away; the new one then counts itself anew.
                #expect(await reports.settles(1, anew: true))
            }
            while await publish("heard", by: kazoo) == 0 {}
            while let line = await sink.record.next(), !line.contains("\"heard\"") {}
            control.stop()
            #expect(await end == .finished)
            let statistics = await kazoo.statistics
            if flavour == .v4 { #expect(statistics.connections == 1) } else { #expect(statistics.connections >= 2) }
            #expect(statistics.logins == 1)
        }
    }

    /// The restart of one server is nothing to notice.
    @Test(arguments: [KazooFlavour.v4, .v5], [ConnectionEnd.fin, .reset, .close(1011)])
    func oneServerOfTwoRestarts(_ flavour: KazooFlavour, _ loss: ConnectionEnd) async throws {
        var simulation = SimulatorConfiguration(flavour: flavour)
        simulation.nodes = 2
        try await SimulatedKazoo.withRunning(simulation) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let session = Session(
                try configuration(endpoints) { $0.redundancy = 2 }, sink: sink, control: control,
                report: reports.add)
            async let end = session.run()
            #expect(await reports.settles(2))
            await kazoo.refuseConnections(node: 0)
            await kazoo.dropConnections(loss, node: 0)
            #expect(await publish("1", by: kazoo) == 1)
            try await kazoo.acceptConnections(node: 0)
            #expect(await reports.settles(1))
            #expect(await publish("2", by: kazoo) == 2)
            await expect(["1", "2"], in: sink.record)
            control.stop()
            #expect(await end == .finished)
            #expect(sink.record.certain.count == 2)
            #expect(await kazoo.statistics(node: 1).connections == 1)
            #expect(reports.all.count(where: \.isReady) == 1, "events flow all the time")
        }
    }

    /// What is bound to the month is subscribed to anew when it turns, by a calendar that the test holds in its hands.
    @Test(arguments: [KazooFlavour.v4, .v5]) func theMonthTurns(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports, control) = (RecordingSink(), Reports(), SessionControl())
            let month = Timestamp.now.nextMonth.microseconds
            let isTurned = Mutex(false)
            var configuration = try SessionConfiguration.simulated(
                endpoints, ["object.*.mailbox_message", Self.binding], policy: .oneShot)
            configuration.calendar = {
                Timestamp(microseconds: isTurned.withLock { $0 } ? month + 6_000_000 : month - 600_000_000)
            }
            let session = Session(configuration, sink: sink, control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            await kazoo.turnMonth()
            let message = { (id: String) in
                await kazoo.publishDocument("doc_created", type: "mailbox_message", id: id, account: Self.account)
            }
            #expect(await message("lost") == 0, "bound to the month that is over")
            isTurned.withLock { $0 = true }
            control.prod()
            #expect(await reports.settles(1, anew: true))
            #expect(await message("heard") == 1)
            #expect(await publish("user", by: kazoo) == 1)
            while let line = await sink.record.next(), !line.contains("\"heard\"") {}
            control.stop()
            #expect(await end == .finished)
            let gaps = reports.all.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
            let turned = gaps.filter { $0.reason == .monthTurned }
            #expect(turned.flatMap(\.bindings).map(\.description) == ["object.*.mailbox_message"])
            #expect(await kazoo.statistics.connections == 1)
        }
    }
}

extension Reports {
    /// Whether subscriptions are being asked for, on a new connection or anew.
    fileprivate var isAsking: Bool {
        let last = all.last {
            switch $0 {
            case .connecting, .connected, .renewing, .settled: true
            default: false
            }
        }
        if case .settled = last { return false } else { return true }
    }

    /// Waits until so many connections have settled their subscriptions; the time limit of the test is the bound.
    ///
    /// - Parameter anew: whether the report comes after a renewal has begun.
    fileprivate func settles(_ count: Int, anew: Bool = false) async -> Bool {
        if anew, await first(where: { if case .renewing = $0 { true } else { false } }) == nil { return false }
        for _ in 0..<count
        where await first(where: { if case .settled = $0 { true } else { false } }) == nil { return false }
        return true
    }
}

extension RecordingSink.Record {
    /// The lines without the doubts: on a busy machine one server may be alone for more than a moment.
    fileprivate var certain: [String] { lines.filter { !$0.isDoubt } }

    /// The next line that is no doubt.
    fileprivate func nextCertain() async -> String? {
        while let line = await next() { if !line.isDoubt { return line } }
        return nil
    }
}

extension String {
    fileprivate var isDoubt: Bool { contains(#""reason":"unverified""#) }
}
