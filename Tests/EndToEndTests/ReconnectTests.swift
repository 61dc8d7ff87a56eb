import KazooSimulator
import Testing

/// A loss is survived, and said.
@Suite(.timeLimit(.minutes(2))) struct ReconnectTests {
    @Test(arguments: [ConnectionEnd.fin, .reset, .close(1011), .close(1000)], [KazooFlavour.v4, .v5])
    func `events go on after the connection was lost`(end: ConnectionEnd, flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let program = try stage.subscribe(to: kazoo.addresses, ["--binding", "object.*.*"])
            var expected: [String] = []
            for round in 1...2 {
                try await program.isReady(times: round)
                let event = try RecordedEvent.all(flavour).filter { $0.subscribedKey == "object.*.*" }[round]
                await kazoo.simulator.publish(try event.published)
                expected.append(event.frame)
                #expect(try await program.prints(lines: round) == expected)
                if round == 1 { await kazoo.simulator.dropConnections(end) }
            }
            #expect(
                program.errors.lines.contains {
                    $0.contains(" warning ") && $0.contains("127.0.0.1:\(kazoo.endpoints.websocketPort): ")
                }, "the loss is said: \(program.said)")
            #expect(await kazoo.simulator.statistics.logins == 1, "the token is good for both connections")
        }
    }

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

    @Test func `an expired token is replaced`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(to: kazoo.addresses, ["--binding", "object.*.*"])
            try await program.isReady()
            await kazoo.simulator.expireTokens()
            await kazoo.simulator.dropConnections(.fin)
            try await program.isReady(times: 2)
            #expect(await kazoo.simulator.statistics.logins == 2)
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
