import Foundation
import KazooSimulator
import Testing

/// A server that hangs: its connections stay open, new ones are accepted, and nothing is answered.
@Suite(.timeLimit(.minutes(10))) struct FrozenServerTests {
    /// How long it may take from the freeze to the next confirmed subscription.
    private static let limit = 40.0

    @Test func `a frozen server is left for another one within 40 seconds`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let (first, second) = (
                try await stage.gate(before: kazoo.endpoints.websocketPort),
                try await stage.gate(before: kazoo.endpoints.websocketPort)
            )
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: first.url("ws")),
                ledger.subscribing + ["--websocket", second.url("ws")])
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                first.program.send(SIGSTOP)
                try await program.isReady(times: 2)
            }
            let gap = try await ledger.balance(program).one(around: fault)
            let healed = gap.to.timeIntervalSince(fault)
            #expect(healed < Self.limit, "\(healed) s")
            #expect(try (first.visits.count, second.visits.count) == (1, 1))
            #expect(await kazoo.simulator.statistics.logins == 1)
        }
    }

    @Test func `a server that freezes for a while is left and found again`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let gate = try await stage.gate(before: kazoo.endpoints.websocketPort)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: gate.url("ws")), ledger.subscribing)
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                gate.program.send(SIGSTOP)
                try await program.says(" warning ")
                #expect(try program.moment(of: " warning ").timeIntervalSince(fault) < Self.limit)
                gate.program.send(SIGCONT)
                try await program.isReady(times: 2)
            }
            try await ledger.balance(program).one(around: fault)
            #expect(await kazoo.simulator.statistics.logins == 1)
        }
    }

    @Test func `a server that freezes for a moment costs nothing`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let gate = try await stage.gate(before: kazoo.endpoints.websocketPort)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: gate.url("ws")), ledger.subscribing)
            try await program.isReady()
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                gate.program.send(SIGSTOP)
                // At once, for a moment must be shorter than the patience of the program.
                for _ in 1...20 { await ledger.send() }
                gate.program.send(SIGCONT)
            }
            #expect(try await ledger.balance(program).isEmpty)
            #expect(program.output.lines.count == ledger.count, "what was sent meanwhile has only come later")
            #expect(await kazoo.simulator.statistics.connections == 1)
        }
    }
}
