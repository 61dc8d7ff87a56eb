import Foundation
import KazooSimulator
import Testing

/// There is no way to one server, and one to the next.
@Suite(.timeLimit(.minutes(10))) struct UnreachableServerTests {
    /// A URL that leads nowhere.
    enum Nowhere: CaseIterable, Sendable {
        case unknownName
        case nobodyListens
        case nothingIsSaid

        func url(on stage: Stage) async throws -> String {
            switch self {
            case .unknownName: "ws://kazoo.invalid:5555"
            case .nobodyListens: "ws://127.0.0.1:\(try Ports.free())"
            case .nothingIsSaid: try await stage.gate(before: 1, answering: .nothing).url("ws")
            }
        }
    }

    @Test(arguments: Nowhere.allCases)
    func `a WebSocket URL that leads nowhere is unreachable`(nowhere: Nowhere) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let url = try await nowhere.url(on: stage)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: url), ["-b", "call.*.*"])
            #expect(try await program.ended() == .exit(69), "\(program.said)")
            #expect(program.errors.text.contains(url.authority), "\(program.said)")
            #expect(await kazoo.simulator.statistics.logins == 1)
        }
    }

    @Test(arguments: Nowhere.allCases)
    func `after a loss, a second URL that leads nowhere does not keep it from the first`(
        nowhere: Nowhere
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: kazoo.addresses, ledger.subscribing + ["--websocket", try await nowhere.url(on: stage)])
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                await kazoo.simulator.dropConnections(.fin)
                try await program.isReady(times: 2)
            }
            try await ledger.balance(program).one(around: fault)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 && statistics.connections == 2, "\(statistics)")
        }
    }
}
