import Foundation
import KazooSimulator
import Testing

/// The request for a WebSocket is answered in every way but the right one.
@Suite(.timeLimit(.minutes(10))) struct UpgradeFaultTests {
    @Test(
        arguments: [
            (.bare("400 Bad Request"), 69), (.page("400 Bad Request"), 69), (.page("403 Forbidden"), 77),
            (.bare("429 Too Many Requests"), 75), (.page("503 Service Unavailable"), 75), (.redirect, 69),
            (.page("200 OK"), 69), (.otherProtocol, 69), (.nothing, 69),
        ] as [(Answer, Int32)])
    func `at the start it is told with an exit code`(answer: Answer, code: Int32) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let gate = try await stage.gate(before: kazoo.endpoints.websocketPort, answering: answer)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: gate.url("ws")), ["-b", "call.*.*"])
            #expect(try await program.ended() == .exit(code), "\(program.said)")
            #expect(program.output.text.isEmpty)
            #expect(program.errors.lines.count { $0.contains(" error ") } == 1, "told once: \(program.said)")
            #expect(program.errors.text.contains(gate.url("ws")), "who was asked is told: \(program.said)")
            #expect(try gate.visits.count == 1, "nobody asks twice")
            #expect(await kazoo.simulator.statistics.connections == 0)
        }
    }

    @Test(
        arguments: [
            .bare("400 Bad Request"), .page("503 Service Unavailable"), .redirect, .page("200 OK"), .otherProtocol,
        ] as [Answer])
    func `while it is away, it is tried again, slower and slower, until it succeeds`(answer: Answer) async throws {
        try await heal(answer, after: 5) { visits in
            // Four pauses below 0.5, 1, 2 and 4 seconds: all of them together are this short once in a million times.
            let span = try #require(visits.last).at - (try #require(visits.first)).at
            #expect(span > 0.1, "no storm")
        }
    }

    @Test func `while it is away, a request for patience is given at least ten seconds`() async throws {
        try await heal(.bare("429 Too Many Requests"), after: 2) { visits in
            let span = try #require(visits.last).at - (try #require(visits.first)).at
            #expect(span >= 10)
        }
    }

    @Test func `while it is away, silence is given up and tried again`() async throws {
        try await heal(.nothing, after: 1) { _ in }
    }

    @Test(.long("70 s"))
    func `while it is away, a refusal for want of permission is tried again once a minute`() async throws {
        try await heal(.page("403 Forbidden"), after: 1) { visits in #expect(visits.count == 1) }
    }

    @Test(
        arguments: [.page("503 Service Unavailable"), .page("200 OK"), .bare("429 Too Many Requests"), .nothing]
            as [Answer])
    func `at the start, the next URL is tried`(answer: Answer) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let gate = try await stage.gate(before: kazoo.endpoints.websocketPort, answering: answer)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: gate.url("ws")),
                ledger.subscribing + ["--websocket", kazoo.addresses.websocket])
            try await program.isReady()
            #expect(try await ledger.balance(program).isEmpty, "nothing was promised before the first readiness")
            #expect(try gate.visits.count == 1)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 && statistics.connections == 1, "\(statistics)")
        }
    }

    /// The connection is lost, and the upgrade fails for a while.
    private func heal(
        _ answer: Answer, after count: Int, _ inspect: ([Gate.Visit]) throws -> Void
    ) async throws {
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
                try gate.answer(answer)
                fault = Date()
                await kazoo.simulator.dropConnections(.fin)
                try await gate.answers(count)
                try gate.open()
                try await program.isReady(times: 2)
            }
            try inspect(try gate.visits.filter(\.isAnswered))
            try await ledger.balance(program).one(around: fault)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 && statistics.connections == 2, "\(statistics)")
            #expect(program.ending == nil)
        }
    }
}
