import Foundation
import KazooSimulator
import Testing

/// The login is answered in every way but the right one.
@Suite(.timeLimit(.minutes(10))) struct LoginFaultTests {
    private static let passing: [Answer] = [
        .tooManyRequests, .internalError, .bare("500 Internal Server Error"), .page("200 OK"), .brokenJSON,
        .otherProtocol,
    ]

    @Test(
        arguments: [
            (.unauthorized, 77), (.tooManyRequests, 75), (.internalError, 75), (.bare("500 Internal Server Error"), 75),
            (.page("502 Bad Gateway"), 75), (.page("503 Service Unavailable"), 75), (.page("200 OK"), 69),
            (.redirect, 69), (.brokenJSON, 69), (.emptyJSON, 69), (.otherProtocol, 69), (.nothing, 69),
        ] as [(Answer, Int32)])
    func `at the start it is told with an exit code`(answer: Answer, code: Int32) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let api = try await stage.gate(before: kazoo.endpoints.apiPort, answering: answer)
            let program = try stage.subscribe(
                to: Addresses(server: api.url("http"), websocket: kazoo.addresses.websocket), ["-b", "call.*.*"])
            #expect(try await program.ended() == .exit(code), "\(program.said)")
            #expect(program.output.text.isEmpty)
            #expect(program.errors.lines.count { $0.contains(" error ") } == 1, "told once: \(program.said)")
            #expect(program.errors.text.contains(api.url("http")), "who was asked is told: \(program.said)")
            #expect(try api.visits.count == 1, "nobody asks twice")
            #expect(await kazoo.simulator.statistics.connections == 0)
        }
    }

    @Test(arguments: passing.filter { !$0.asksForPatience })
    func `while it is away, the login is tried again, slower and slower, until it succeeds`(
        answer: Answer
    ) async throws {
        try await heal(answer, after: 5) { visits in
            // Four pauses below 0.5, 1, 2 and 4 seconds: all of them together are this short once in a million times.
            let span = try #require(visits.last).at - (try #require(visits.first)).at
            #expect(span > 0.1, "no storm")
        }
    }

    @Test func `while it is away, a login that asks for patience is given at least ten seconds`() async throws {
        try await heal(.tooManyRequests, after: 2) { visits in
            let span = try #require(visits.last).at - (try #require(visits.first)).at
            #expect(span >= 10)
        }
    }

    @Test func `while it is away, a login without any answer is given up and tried again`() async throws {
        try await heal(.nothing, after: 1) { _ in }
    }

    @Test(.long("70 s")) func `while it is away, wrong credentials are tried again once a minute`() async throws {
        try await heal(.unauthorized, after: 1) { visits in #expect(visits.count == 1) }
    }

    @Test func `while it is away, nobody hammers on a door that wrong credentials will not open`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let api = try await stage.gate(before: kazoo.endpoints.apiPort)
            let program = try stage.subscribe(
                to: Addresses(server: api.url("http"), websocket: kazoo.addresses.websocket), ["-b", "call.*.*"])
            try await program.isReady()
            try api.answer(.unauthorized)
            await kazoo.simulator.expireTokens()
            await kazoo.simulator.dropConnections(.fin)
            let first = try #require(try await api.answers(1).first).at
            // In this time the pauses after other failures would have brought five more.
            try await eventually("15 seconds have passed") { Date().timeIntervalSince1970 > first + 15 }
            #expect(try api.visits.count(where: \.isAnswered) == 1)
            program.send(SIGTERM)
            // Of the minute that it waits no more than 15 seconds have passed, give or take the time that it took to look.
            #expect(try await program.ended(within: .seconds(30)) == .exit(143), "it waits, and can be stopped")
        }
    }

    /// The token expires, the connection is lost, and the login fails for a while.
    private func heal(
        _ answer: Answer, after count: Int, _ inspect: ([Gate.Visit]) throws -> Void
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let api = try await stage.gate(before: kazoo.endpoints.apiPort)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: api.url("http"), websocket: kazoo.addresses.websocket), ledger.subscribing)
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                try api.answer(answer)
                await kazoo.simulator.expireTokens()
                fault = Date()
                await kazoo.simulator.dropConnections(.fin)
                try await api.answers(count)
                try api.open()
                try await program.isReady(times: 2)
            }
            try inspect(try api.visits.filter(\.isAnswered))
            try await ledger.balance(program).one(around: fault)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 2 && statistics.connections <= 3, "\(statistics)")
            #expect(program.ending == nil)
        }
    }
}
