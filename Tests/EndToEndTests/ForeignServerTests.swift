import KazooSimulator
import Testing

/// The recorded Kazoo on servers that are not ours.
@Suite(.timeLimit(.minutes(10))) struct ForeignServerTests {
    @Test(arguments: [KazooFlavour.v4, .v5])
    func `recorded events come through Python's WebSocket byte for byte`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let server = try await stage.recordedKazoo(flavour)
            let program = try stage.subscribe(
                to: server.addresses, server.subscribing + ["--count", "\(server.events.count)"])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.text == server.events.map { $0 + "\n" }.joined())

            try await server.saw("it leaves with 1000") { $0.closeCode == 1000 }
            let upgrade = try await server.saw("an upgrade") { $0.kind == .upgrade }
            let headers = try #require(upgrade.headers)
            #expect(headers["sec-websocket-version"] == "13")
            for name in ["sec-websocket-protocol", "sec-websocket-extensions", "authorization", "origin", "cookie"] {
                #expect(headers[name] == nil, "Kazoo or what stands before it refuses this")
            }
            let commands = try server.deeds.filter { $0.kind == .command }
            #expect(commands.allSatisfy { $0.action == "subscribe" })
            #expect(commands.count == RecordedEvent.bindings(flavour).count)
            #expect(commands.filter { $0.has_token == true }.count == 1, "the first success is good for the session")
            #expect(try server.deeds.filter { $0.kind == .pong }.count == 1 + (server.events.count + 4) / 5)
        }
    }
}
