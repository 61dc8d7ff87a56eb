import Foundation
import KazooSimulator
import Testing

/// How it ends when it is told to.
@Suite(.timeLimit(.minutes(10))) struct SignalTests {
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `a signal ends it in an orderly way`(signal: Int32, code: Int32) async throws {
        try await Stage.set { stage in
            let server = try await stage.recordedKazoo(.v5)
            let program = try stage.subscribe(to: server.addresses, server.subscribing)
            try await program.prints(lines: server.events.count)
            program.send(signal)
            #expect(try await program.ended() == .exit(code))
            try await server.saw("the connection is closed with 1000") { $0.closeCode == 1000 }
            #expect(program.output.lines.count == server.events.count)
        }
    }

    @Test func `a second signal ends it at once`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(to: kazoo.addresses, ["-b", "call.*.*"])
            try await program.isReady()
            // Nobody answers the close frame, which the program would wait for.
            await kazoo.simulator.setHazards { $0.freezes = true }
            // Two different ones, for two of a kind may become one; the program handles them in either order.
            program.send(SIGINT)
            program.send(SIGTERM)
            #expect([.exit(130), .exit(143)].contains(try await program.ended()))
            #expect(!program.errors.text.contains(" ended "), "an orderly end would have been reported")
        }
    }

    @Test func `a signal ends an attempt to log in`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.hazards.freezes = true }
            let program = try stage.subscribe(to: kazoo.addresses, ["-b", "call.*.*"])
            try await program.says("logging in")
            program.send(SIGTERM)
            // Before the login is given up, which is after 30 seconds.
            #expect(try await program.ended(within: .seconds(25)) == .exit(143))
        }
    }
}
