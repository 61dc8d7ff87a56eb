import Foundation
import KazooSimulator
import Testing

/// A network in which packets vanish: nobody is told, on neither side.
@Suite(
    .timeLimit(.minutes(10)), .enabled(if: Cable.isPossible, "network namespaces cannot be made here: it takes root"))
struct BlackHoleTests {
    /// How long it may take from the first lost packet to the next confirmed subscription.
    private static let limit = 40.0

    @Test func `another server is found within 40 seconds`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let cable = try await Cable(on: stage)
            let api = try await cable.gate(before: kazoo.endpoints.apiPort, at: .second)
            let first = try await cable.gate(before: kazoo.endpoints.websocketPort, at: .first)
            let second = try await cable.gate(before: kazoo.endpoints.websocketPort, at: .second)
            let ledger = Ledger(of: kazoo)
            let program = try cable.subscribe(
                to: Addresses(server: api.url("http"), websocket: first.url("ws")),
                ledger.subscribing + ["--websocket", second.url("ws")])
            try await program.isReady()
            var (fault, cut) = (Date.distantPast, Date.distantPast)
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                try await cable.cut(.first)
                cut = Date()
                try await program.isReady(times: 2)
            }
            let healed = try await ledger.balance(program).one(around: fault).to.timeIntervalSince(cut)
            #expect(healed < Self.limit, "\(healed) s")
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 && statistics.connections == 2, "\(statistics)")
        }
    }

    @Test func `when packets flow again, so do events`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let cable = try await Cable(on: stage)
            let api = try await cable.gate(before: kazoo.endpoints.apiPort, at: .first)
            let gate = try await cable.gate(before: kazoo.endpoints.websocketPort, at: .first)
            let ledger = Ledger(of: kazoo)
            let program = try cable.subscribe(
                to: Addresses(server: api.url("http"), websocket: gate.url("ws")), ledger.subscribing)
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                try await cable.cut(.first)
                let cut = Date()
                try await program.says(" warning ")
                #expect(try program.moment(of: " warning ").timeIntervalSince(cut) < Self.limit, "the loss is found")
                try await cable.mend(.first)
                try await program.isReady(times: 2)
            }
            try await ledger.balance(program).one(around: fault)
            #expect(await kazoo.simulator.statistics.logins == 1)
        }
    }

    /// TCP repeats what was lost; nobody need know.
    @Test func `a network that is away for a moment costs nothing`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let cable = try await Cable(on: stage)
            let api = try await cable.gate(before: kazoo.endpoints.apiPort, at: .first)
            let gate = try await cable.gate(before: kazoo.endpoints.websocketPort, at: .first)
            let ledger = Ledger(of: kazoo)
            let program = try cable.subscribe(
                to: Addresses(server: api.url("http"), websocket: gate.url("ws")), ledger.subscribing)
            try await program.isReady()
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                try await cable.cut(.first)
                // At once, for a moment must be shorter than the patience of the program.
                for _ in 1...20 { await ledger.send() }
                try await cable.mend(.first)
            }
            #expect(try await ledger.balance(program).isEmpty)
            #expect(program.output.lines.count == ledger.count, "what was sent meanwhile has only come later")
            #expect(await kazoo.simulator.statistics.connections == 1)
        }
    }
}
