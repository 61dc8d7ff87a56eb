import Foundation
import KazooSimulator
import Testing

/// HAProxy in between, which cuts tunnels in which nothing happens.
@Suite(.timeLimit(.minutes(10))) struct IdleProxyTests {
    /// - Parameter timeout: after how much silence the tunnel is cut.
    private func proxy(before kazoo: RunningKazoo, cuttingAfter timeout: String, on stage: Stage) async throws -> String
    {
        let port = try Ports.free()
        let configuration = try stage.file(
            "haproxy.cfg",
            """
            defaults
                mode http
                timeout connect 5s
                timeout client \(timeout)
                timeout server \(timeout)
                timeout tunnel \(timeout)
            frontend blackhole
                bind 127.0.0.1:\(port)
                default_backend blackhole
            backend blackhole
                server kazoo \(kazoo.addresses.websocket.authority)

            """)
        _ = try await stage.startServer("haproxy", ["-db", "-f", configuration], ports: [port])
        return "ws://127.0.0.1:\(port)"
    }

    @Test func `each cut of an idle tunnel is found, declared, and healed`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let proxy = try await proxy(before: kazoo, cuttingAfter: "3s", on: stage)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: proxy), ledger.subscribing)
            for cut in 1...3 {
                try await program.isReady(times: cut)
                await ledger.send()
            }
            // Of the connections up to a moment the last one may stand, and the one before may be a gap that is not yet
            // told; there is time for more cuts until all is told, and after.
            let before = await kazoo.simulator.statistics
            let gaps = try await ledger.balance(program)
            let after = await kazoo.simulator.statistics
            #expect(gaps.count >= 2, "\(gaps)")
            #expect(before.connections - gaps.count <= 2, "\(before) \(gaps)")
            #expect(after.connections - gaps.count >= 1, "\(after) \(gaps)")
            #expect(after.logins == 1)
        }
    }

    @Test(.long("70 s")) func `pings keep an idle tunnel of a minute open`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let proxy = try await proxy(before: kazoo, cuttingAfter: "60s", on: stage)
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(
                to: Addresses(server: kazoo.addresses.server, websocket: proxy), ledger.subscribing)
            try await program.isReady()
            let begin = ContinuousClock.now
            try await eventually("70 seconds of silence have passed") {
                ContinuousClock.now - begin > .seconds(70)
            }
            #expect(try await ledger.balance(program).isEmpty)
            #expect(await kazoo.simulator.statistics.connections == 1)
        }
    }
}
