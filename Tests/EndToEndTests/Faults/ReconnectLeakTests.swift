import Foundation
import KazooSimulator
import Testing

/// Many reconnects leave nothing behind.
///
/// The pauses between them grow as they come so soon after each other, to half a minute on average: hundreds would take
/// hours.
@Suite(.timeLimit(.minutes(20))) struct ReconnectLeakTests {
    @Test func `six reconnects leave nothing behind`() async throws { try await reconnect(6) }

    @Test(.long("8 minutes")) func `twenty-one reconnects leave nothing behind`() async throws {
        try await reconnect(21)
    }

    /// - Parameter total: how many times; every third time a login is needed.
    private func reconnect(_ total: Int) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            var resources: [ProcessResources] = []
            for round in 1...total {
                if round.isMultiple(of: 3) { await kazoo.simulator.expireTokens() }
                await kazoo.simulator.dropConnections(round.isMultiple(of: 2) ? .fin : .reset)
                try await program.isReady(times: round + 1)
                // When an event has come out, all that comes with a readiness is over.
                let event = await ledger.send()
                try await eventually("an event comes out") { program.output.text.contains(event) }
                resources.append(try ProcessResources(of: program))
            }
            // By the third time everything has happened once that makes room for itself. What is open for a moment, now and
            // then, is not counted on either side.
            let later = resources[2...]
            let fewest = try #require(later.min { $0.descriptors.count < $1.descriptors.count }).descriptors
            let threads = try #require(later.map(\.threads).min())
            try await eventually("nothing is left over", seen: { "\(resources)" }) {
                let now = try ProcessResources(of: program)
                return now.descriptors == fewest && now.threads <= threads
            }
            let (first, last) = (resources[2], try #require(resources.last))
            #expect(last.anonymous < first.anonymous + 1024, "\(resources)")
            #expect(try await ledger.balance(program).count == total)
            let statistics = await kazoo.simulator.statistics
            #expect(statistics.logins == 1 + total / 3, "one for each time that the tokens expired: \(statistics)")
        }
    }
}
