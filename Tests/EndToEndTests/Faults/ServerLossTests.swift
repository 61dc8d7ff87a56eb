import Foundation
import KazooSimulator
import Testing

/// The server goes away, in each of the ways in which Kazoo does, while events are sent all the time.
@Suite(.timeLimit(.minutes(10))) struct ServerLossTests {
    @Test(arguments: [ConnectionEnd.fin, .reset, .close(1011), .close(1000)], [KazooFlavour.v4, .v5])
    func `what a lost connection may have cost is declared, and nothing else is lost`(
        end: ConnectionEnd, flavour: KazooFlavour
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                await kazoo.simulator.dropConnections(end)
                try await program.isReady(times: 2)
            }
            try await ledger.balance(program).one(around: fault)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.connections == 2 && statistics.logins == 1, "\(statistics)")
            #expect(
                program.errors.lines.contains {
                    $0.contains(" warning ") && $0.contains("127.0.0.1:\(kazoo.endpoints.websocketPort): ")
                }, "the loss is said: \(program.said)")
        }
    }

    /// A key that Kazoo cannot encode crashes every session that should get the event.
    @Test(arguments: [KazooFlavour.v4, .v5])
    func `a poisonous event costs the connection, and is declared`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            let neighbour = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            try await neighbour.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                fault = Date()
                await kazoo.simulator.publish(
                    SimulatedEvent(
                        routingKey: "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.poison",
                        name: "doc_created", data: #"{"Ünique":true,"msg_id":"poison"}"#))
                try await program.isReady(times: 2)
                try await neighbour.isReady(times: 2)
            }
            for program in [program, neighbour] {
                try await ledger.balance(program).one(around: fault)
                #expect(program.errors.text.contains("1011"), "\(program.said)")
            }
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.connections == 4 && statistics.logins == 2, "\(statistics)")
        }
    }

    @Test func `a token that expired meanwhile costs one login`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            var fault = Date.distantPast
            try await ledger.whileSending {
                try await program.prints(lines: 3)
                await kazoo.simulator.expireTokens()
                // An authenticated session outlives its token.
                let count = program.output.lines.count
                try await program.prints(lines: count + 3)
                #expect(await kazoo.simulator.statistics.connections == 1)
                fault = Date()
                await kazoo.simulator.dropConnections(.fin)
                try await program.isReady(times: 2)
            }
            try await ledger.balance(program).one(around: fault)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 2)
            #expect(statistics.connections <= 3, "the old token may be tried once: \(statistics)")
        }
    }

    /// Kills or stops a server process, and starts another in its place. What it sent nobody knows, but what came out.
    @Test(arguments: [SIGKILL, SIGTERM])
    func `a server that is started again is found again`(signal: Int32) async throws {
        try await Stage.set { stage in
            let ports = [try Ports.free(), try Ports.free()]
            func start() async throws -> RunningProgram {
                try await stage.startServer(
                    Stage.executable,
                    ["simulate", "--api-port", "\(ports[0])", "--port", "\(ports[1])", "--rate", "100"], ports: ports)
            }
            let server = try await start()
            let program = try stage.subscribe(
                to: Addresses(server: "http://127.0.0.1:\(ports[0])", websocket: "ws://127.0.0.1:\(ports[1])"),
                as: .apiKey, ["--binding", "call.*.*", "--gaps"])
            try await program.prints(lines: 20)
            let fault = Date()
            server.send(signal)
            _ = try await server.ended()
            try await program.says("Failed to connect")
            let again = Date()
            _ = try await start()
            try await program.isReady(times: 2)
            // The new server tells the same story, whose beginning the program has heard and does not repeat.
            let gap = #"{"action":"gap""#
            try await eventually("events go on after the gap", seen: { program.said }) {
                program.output.lines.drop { !$0.hasPrefix(gap) || $0.contains("unverified") }.count > 20
            }
            let lines = program.output.lines
            #expect(Set(lines).count == lines.count, "no line comes twice")
            let gaps = try lines.filter { $0.hasPrefix(gap) }.map(DeclaredGap.init).filter { $0.reason != "unverified" }
            #expect(try gaps.one(around: fault).to > again)
            // The new server does not know the tokens of the old one.
            #expect(program.errors.text.ranges(of: "logged in").count == 2, "\(program.said)")
        }
    }
}
