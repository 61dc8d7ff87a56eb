import Foundation
import KazooSimulator
import Testing

/// What the program does over a long time, and how it is asked about it.
@Suite(.timeLimit(.minutes(10))) struct SessionOptionsTests {
    @Test(arguments: [KazooFlavour.v4, .v5])
    func `with two servers, the restart of one loses nothing`(_ flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour) { $0.nodes = 2 }
            let second = try #require(kazoo.endpoints.websockets.last)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: kazoo.addresses, ["--websocket", second, "--redundancy", "2"] + ledger.subscribing)
            // That a server has been connected to is not enough: events flow when it has confirmed the subscription.
            var confirmations = 2
            try await program.says("1 subscription confirmed connection=", times: confirmations)
            try await program.isReady()
            try await ledger.whileSending {
                for node in [0, 1] {
                    let printed = program.output.lines.count
                    await kazoo.simulator.refuseConnections(node: node)
                    await kazoo.simulator.dropConnections(.fin, node: node)
                    try await program.prints(lines: printed + 5)
                    try await kazoo.simulator.acceptConnections(node: node)
                    confirmations += 1
                    try await program.says("1 subscription confirmed connection=", times: confirmations)
                    #expect(await kazoo.simulator.statistics.openConnections == 2)
                    try await program.prints(lines: program.output.lines.count + 5)
                }
            }
            #expect(try await ledger.balance(program).isEmpty, "nothing was missed")
            #expect(await kazoo.simulator.statistics.logins == 1)
        }
    }

    @Test func `the time between two runs is declared`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let state = stage.directory.appendingPathComponent("last-live").path
            var ends: [Date] = []
            for run in 1...2 {
                let program = try stage.subscribe(
                    to: kazoo.addresses, ["--binding", "call.*.*", "--gaps", "--state-file", state])
                try await program.isReady()
                if run == 2 {
                    let gap = try DeclaredGap(try #require(try await program.prints(lines: 1).first))
                    #expect(gap.reason == "not_running")
                    #expect(gap.from <= ends[0] && ends[0] <= gap.to)
                    #expect(gap.bindings == ["call.*.*"])
                }
                program.send(SIGTERM)
                _ = try await program.ended()
                ends.append(Date())
                if run == 1 { #expect(program.output.lines.isEmpty, "nobody waited before the first run") }
            }
        }
    }

    @Test func `a state file that cannot be written is said, once, and nothing else suffers`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(
                to: kazoo.addresses, ["--binding", "call.*.*", "--state-file", "/nonexistent/last-live"])
            try await program.says("/nonexistent/last-live cannot be written: No such file or directory")
            try await program.isReady()
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(143))
            #expect(program.errors.text.ranges(of: "cannot be written").count == 1)
        }
    }

    @Test func `a refusal is said once, and shown to whoever asks`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(.v5)
            let program = try stage.subscribe(
                to: kazoo.addresses, ["-b", "call.*.*", "-b", "nonsense.*.*", "--renew", "10s"])
            try await program.isReady()
            let refusal = "the module bh_nonsense is not running there"
            // A new connection asks for everything anew.
            try await program.says("leaving a connection")
            try await program.says("1 subscription confirmed, 1 refused connection=#2")
            #expect(program.errors.text.ranges(of: refusal).count == 1, "\(program.said)")
            program.send(SIGUSR1)
            try await program.says("state: 1 of 2 subscriptions are live")
            #expect(program.errors.text.ranges(of: refusal).count == 2, "\(program.said)")
            program.send(SIGINT)
            #expect(try await program.ended() == .exit(130))
        }
    }
}
