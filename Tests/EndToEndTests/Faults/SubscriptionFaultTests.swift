import Foundation
import KazooSimulator
import Testing

/// The connection is good, and the subscriptions on it are not.
@Suite(.timeLimit(.minutes(10))) struct SubscriptionFaultTests {
    private static let flavours = [KazooFlavour.v4, .v5]

    @Test(arguments: flavours)
    func `a reply that is lost is asked for again`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour) { $0.hazards.lostReplies = 1 }
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            #expect(try await ledger.balance(program).isEmpty)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.messages == 2, "the request was made twice: \(statistics)")
            #expect(statistics.logins == 1 && statistics.connections == 1, "\(statistics)")
        }
    }

    @Test(arguments: flavours)
    func `replies that are lost during a reconnect make the gap longer, no more`(
        flavour: KazooFlavour
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                await kazoo.simulator.setHazards { $0.lostReplies = 1 }
                fault = Date()
                await kazoo.simulator.dropConnections(.fin)
                try await program.isReady(times: 2)
            }
            try await ledger.balance(program).one(around: fault)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 && statistics.connections == 2, "\(statistics)")
        }
    }

    @Test(arguments: flavours)
    func `a server that asks for fewer messages is obeyed`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour) { $0.messageLimit = MessageLimit(burst: 4, perSecond: 1) }
            let ledger = Ledger(of: kazoo)
            let others = (1...7).flatMap { ["--binding", "conference.command.room\($0)"] }
            let program = try stage.subscribe(
                to: kazoo.addresses, others + ledger.subscribing)
            try await program.isReady()
            #expect(program.errors.text.contains("8 subscriptions confirmed"), "\(program.said)")
            #expect(program.errors.text.contains("fewer messages"), "it is told: \(program.said)")
            #expect(try await ledger.balance(program).isEmpty)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 && statistics.connections == 1, "\(statistics)")
            #expect(statistics.messages < 40, "no storm: \(statistics)")
        }
    }

    @Test(arguments: flavours)
    func `one binding that is refused for good is told once, and the others live on`(
        flavour: KazooFlavour
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: kazoo.addresses,
                ledger.subscribing + ["--binding", "qubicle.queue.*"])
            try await program.isReady()
            #expect(program.errors.text.contains("1 subscription confirmed, 1 refused"), "\(program.said)")
            #expect(program.errors.lines.count { $0.contains("qubicle.queue.*") } == 1, "\(program.said)")
            #expect(try await ledger.balance(program).isEmpty)
            #expect(await kazoo.simulator.statistics.connections == 1)
        }
    }

    @Test(arguments: flavours)
    func `an event that Kazoo sends twice comes out once`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour) { $0.hazards.duplicatesEvents = true }
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: kazoo.addresses, ledger.subscribing + ["--binding", "object.*.*"])
            try await program.isReady()
            for _ in 1...20 { await ledger.send() }
            #expect(try await ledger.balance(program).isEmpty)
            #expect(await kazoo.simulator.statistics.delivered == 4 * ledger.count, "two bindings, two copies")
        }
    }
}
