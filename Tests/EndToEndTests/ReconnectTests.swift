import KazooSimulator
import Testing

/// When it connects again, and when it does not. What a loss costs stands in Faults.
@Suite(.timeLimit(.minutes(10))) struct ReconnectTests {
    @Test func `a server that is away for a while is tried again`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(to: kazoo.addresses, ["--binding", "object.*.*"])
            try await program.isReady()
            await kazoo.simulator.refuseConnections()
            await kazoo.simulator.dropConnections(.fin)
            try await program.says("Failed to connect")
            try await kazoo.simulator.acceptConnections()
            try await program.isReady(times: 2)
        }
    }

    @Test(arguments: [ConnectionEnd.fin, .reset, .close(1011)])
    func `no-reconnect ends with 69 instead`(end: ConnectionEnd) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(to: kazoo.addresses, ["-b", "object.*.*", "--no-reconnect"])
            try await program.isReady()
            await kazoo.simulator.dropConnections(end)
            #expect(try await program.ended() == .exit(69))
            #expect(program.errors.text.contains(kazoo.endpoints.websocket))
            #expect(await kazoo.simulator.statistics.connections == 1)
        }
    }
}
