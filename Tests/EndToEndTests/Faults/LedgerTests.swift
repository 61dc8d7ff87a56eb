import Foundation
import KazooSimulator
import Testing

/// The books of the other tests would show what they are there to show.
@Suite(.timeLimit(.minutes(10))) struct LedgerTests {
    @Test func `an event that is lost without a gap is found out`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let ledger = Ledger(of: kazoo)
            let program = try stage.subscribe(to: kazoo.addresses, ledger.subscribing)
            try await program.isReady()
            await ledger.send()
            // Kazoo itself loses this one, and nobody can know.
            await kazoo.simulator.setHazards { $0.losesEvents = true }
            await ledger.send()
            await kazoo.simulator.setHazards { $0.losesEvents = false }
            try await withKnownIssue {
                try await ledger.balance(program)
            } matching: {
                $0.comments.contains { $0.rawValue.contains("are missing without a gap") }
            }
        }
    }

    @Test func `an event that comes out twice is found out`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let ledger = Ledger(of: kazoo)
            // Two programs stand for one that repeats itself.
            let words = try kazoo.addresses.arguments + Login.password.arguments(on: stage) + ledger.subscribing
            let script = #""$@" & "$@" & wait"#
            let programs = try stage.start("/bin/bash", ["-c", script, "bash", Stage.executable] + words)
            try await programs.isReady(times: 2)
            await ledger.send()
            try await programs.prints(lines: 2)
            try await withKnownIssue {
                try await ledger.balance(programs)
            } matching: {
                $0.comments.contains("these came more than once")
            }
        }
    }
}
