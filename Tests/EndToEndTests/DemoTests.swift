import Foundation
import KazooSimulator
import Testing

/// What a newcomer tries first.
@Suite(.timeLimit(.minutes(10))) struct DemoTests {
    @Test(arguments: ["4", "5"])
    func `demo shows events without a cluster`(kazoo: String) async throws {
        try await Stage.set { stage in
            let program = try stage.kazooSubscribe(
                ["demo", "--kazoo", kazoo, "--count", "20", "--rate", "500", "--verbose"])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.lines.count == 20)
            for line in program.output.lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    @Test func `simulate runs a Kazoo until it is told to end`() async throws {
        try await Stage.set { stage in
            let simulator = try stage.kazooSubscribe(["simulate", "--api-port", "0", "--port", "0", "--rate", "100"])
            try await simulator.says("ws://")
            let text = simulator.errors.text
            let server = try #require(text.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/))
            let websocket = try #require(text.firstMatch(of: /ws:\/\/127\.0\.0\.1:\d+/))
            let program = try stage.subscribe(
                to: Addresses(server: String(server.0), websocket: String(websocket.0)), as: .apiKey,
                ["--binding", "call.*.*", "--count", "5"])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            simulator.send(SIGTERM)
            #expect(try await simulator.ended() == .exit(0))
        }
    }

    @Test func `everything but the bindings may come from the environment`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 100 }
            let options = try Login.password.arguments(on: stage)
            var variables = [
                "KAZOO_SUBSCRIBE_SERVER": kazoo.addresses.server,
                "KAZOO_SUBSCRIBE_WEBSOCKET": kazoo.addresses.websocket,
            ]
            for index in stride(from: 0, to: options.count, by: 2) {
                let name = options[index].drop { $0 == "-" }.uppercased().replacing("-", with: "_")
                variables["KAZOO_SUBSCRIBE_\(name)"] = options[index + 1]
            }
            let program = try stage.kazooSubscribe(
                ["--binding", "call.*.*", "--count", "3", "--verbose"], environment: variables)
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.lines.count == 3)
        }
    }
}
