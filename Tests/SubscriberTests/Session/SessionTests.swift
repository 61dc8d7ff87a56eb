import Blackhole
import KazooSimulator
import Subscriber
import Testing

/// The whole session against a simulated Kazoo of both generations, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct SessionTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let subAccount = "b1946ac92492d2347c6235b4d2611184"

    /// As Kazoo publishes it: under the encoded name of the account's database.
    private static func edited(_ number: Int, account: String = account) -> SimulatedEvent {
        let database = "account%2F\(account.prefix(2))%2F\(account.dropFirst(2).prefix(2))%2F\(account.dropFirst(4))"
        return SimulatedEvent(
            routingKey: "doc_edited.\(database).user.\(number)", name: "doc_edited",
            data: #"{"id":"\#(number)","type":"user","account_id":"\#(account)"}"#)
    }

    @Test(arguments: [KazooFlavour.v4, .v5]) func eventsArriveInOrder(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports) = (RecordingSink(limit: 3), Reports())
            let session = Session(
                try .simulated(endpoints, ["object.doc_edited.user"]), sink: sink, control: SessionControl(),
                report: reports.add)
            async let end = session.run()
            let ready = await reports.first(where: \.isReady)
            guard case .ready(confirmed: 1, refused: 0, _) = ready else {
                Issue.record("not ready: \(String(describing: ready))")
                return
            }
            for number in 0..<3 { #expect(await kazoo.publish(Self.edited(number)) == 1) }
            #expect(await end == .finished)
            let lines = sink.record.lines
            #expect(lines.count == 3)
            for (number, line) in lines.enumerated() {
                #expect(line.hasPrefix(#"{"action":"event","#))
                #expect(line.contains(#""data":{"id":"\#(number)","#))
            }
            let statistics = await kazoo.statistics
            #expect(statistics.logins == 1)
            #expect(statistics.connections == 1)
        }
    }

    /// A session that follows another one goes on numbering.
    @Test func theNumbersBeginWhereTheyShould() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (sink, reports) = (RecordingSink(limit: 2), Reports())
            var configuration = try SessionConfiguration.simulated(endpoints, ["object.doc_edited.user"])
            configuration.firstSequence = 7
            let session = Session(configuration, sink: sink, control: SessionControl(), report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            for number in 0..<2 { #expect(await kazoo.publish(Self.edited(number)) == 1) }
            #expect(await end == .finished)
            #expect(sink.record.sequences == [7, 8])
        }
    }

    @Test(arguments: [KazooFlavour.v4, .v5]) func wrongPassword(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let session = Session(
                try .simulated(endpoints, ["call.*.*"], password: "wrong"), sink: RecordingSink(),
                control: SessionControl(), report: { _ in })
            guard case .failed(let failure) = await session.run() else {
                Issue.record("it must not run")
                return
            }
            #expect(failure.kind == .denied)
            #expect(failure.message.contains("wrong credentials or account"))
            #expect(await kazoo.statistics.connections == 0)
        }
    }

    /// Another customer's account: every subscription is refused, and that is a failure, not a silent wait.
    @Test(arguments: [KazooFlavour.v4, .v5]) func everythingRefused(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { _, endpoints in
            let stranger = SessionConfiguration.Accounts.account(try AccountID("c157a79031e1c40f85931829bc5fc552"))
            let reports = Reports()
            let session = Session(
                try .simulated(endpoints, ["call.*.*"], accounts: stranger), sink: RecordingSink(),
                control: SessionControl(), report: reports.add)
            guard case .failed(let failure) = await session.run() else {
                Issue.record("it must not run")
                return
            }
            #expect(failure.kind == .denied)
            #expect(!reports.all.contains { $0.isReady })
        }
    }

    /// Accounts below the login's are asked for over REST, and subscribed to one by one, each once.
    @Test(arguments: [KazooFlavour.v4, .v5]) func descendants(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports) = (RecordingSink(limit: 1), Reports())
            let binding = "object.doc_edited.user"
            let session = Session(
                try .simulated(endpoints, [binding, binding], accounts: .descendants), sink: sink,
                control: SessionControl(), report: reports.add)
            async let end = session.run()
            guard case .ready(confirmed: 1, refused: 0, _) = await reports.first(where: \.isReady) else {
                Issue.record("not ready: \(reports.all)")
                return
            }
            #expect(await kazoo.publish(Self.edited(1)) == 0, "the login's own account is not among them")
            #expect(await kazoo.publish(Self.edited(2, account: Self.subAccount)) == 1)
            #expect(await end == .finished)
            #expect(sink.record.lines.count == 1)
            #expect(sink.record.lines.first?.contains(#""id":"2""#) == true)
        }
    }

    @Test func accountWithoutDescendants() async throws {
        var simulation = SimulatorConfiguration(flavour: .v4)
        simulation.accounts.removeAll { $0.id == Self.subAccount }
        try await SimulatedKazoo.withRunning(simulation) { _, endpoints in
            let session = Session(
                try .simulated(endpoints, ["call.*.*"], accounts: .descendants), sink: RecordingSink(),
                control: SessionControl(), report: { _ in })
            let end = await session.run()
            #expect(
                end
                    == .failed(
                        SessionFailure(
                            .rejected, "the account has no descendants yet: there is nothing to subscribe to")))
        }
    }

    /// Kazoo is stopped without a close frame: the session returns by itself, with the token it has.
    @Test(arguments: [KazooFlavour.v4, .v5], [ConnectionEnd.fin, .reset, .close(1011)])
    func returnsAfterALoss(_ flavour: KazooFlavour, _ loss: ConnectionEnd) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (sink, reports) = (RecordingSink(limit: 2), Reports())
            var policy = SessionPolicy.oneShot
            policy.backoff = .init(base: .milliseconds(1))
            let session = Session(
                try .simulated(endpoints, ["object.doc_edited.user"], policy: policy), sink: sink,
                control: SessionControl(), report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(await kazoo.publish(Self.edited(1)) == 1)
            // A reset may overtake what was sent before it.
            #expect(await sink.record.next() != nil)
            await kazoo.dropConnections(loss)
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(await kazoo.publish(Self.edited(2)) == 1)
            let statistics = await kazoo.statistics
            #expect(statistics.logins == 1)
            #expect(statistics.connections == 2)
            #expect(reports.all.contains { $0.isLost })
            #expect(await end == .finished)
        }
    }

    @Test func noReconnect() async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: .v5)) { kazoo, endpoints in
            let reports = Reports()
            let session = Session(
                try .simulated(endpoints, ["call.*.*"], policy: .once), sink: RecordingSink(),
                control: SessionControl(), report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            await kazoo.dropConnections(.fin)
            guard case .failed(let failure) = await end else {
                Issue.record("it must end")
                return
            }
            #expect(failure.kind == .unreachable)
            #expect(failure.message.hasSuffix("the connection broke without a close frame, as when Kazoo stops"))
        }
    }

    @Test(arguments: [KazooFlavour.v4, .v5]) func stoppingEnds(_ flavour: KazooFlavour) async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { _, endpoints in
            let (reports, control) = (Reports(), SessionControl())
            let session = Session(
                try .simulated(endpoints, ["call.*.*"], policy: .forever), sink: RecordingSink(),
                control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            control.stop()
            #expect(await end == .finished)
            #expect(!reports.all.contains { $0.isLost })
        }
    }

    /// Also while nothing happens for a minute: the pause after a refusal is over at once.
    @Test func stoppingEndsAPause() async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: .v4)) { _, endpoints in
            let (reports, control) = (Reports(), SessionControl())
            let session = Session(
                try .simulated(endpoints, ["call.*.*"], password: "wrong", policy: .forever), sink: RecordingSink(),
                control: control, report: reports.add)
            async let end = session.run()
            let waiting = await reports.first { if case .waiting = $0 { true } else { false } }
            if case .waiting(let pause) = waiting { #expect(pause > .seconds(59)) }
            control.stop()
            #expect(await end == .finished)
        }
    }
}
