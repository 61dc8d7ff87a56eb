import Foundation
import KazooSimulator
import Testing

/// `run` with a journal: what was received is delivered, whatever happens in between.
@Suite(.timeLimit(.minutes(10))) struct JournalTests {
    private func play(
        _ play: (Stage, RunningKazoo, inout DaemonSetting) async throws -> Void
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator {
                $0.eventSource = Numbered(1_000_000)
                $0.eventsPerSecond = 200
            }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.subscriptions = #"- bindings: ["object.*.*"]"#
            setting.journal = "{path: \(setting.path("journal.sqlite")), retain: 1d}"
            try await play(stage, kazoo, &setting)
        }
    }

    /// What the journal has, by SQLite's own program.
    private func ask(_ question: String, _ setting: DaemonSetting) async throws -> [String] {
        let program = try setting.stage.start("sqlite3", ["-readonly", setting.path("journal.sqlite"), question])
        guard try await program.ended() == .exit(0) else { throw Unmet(program.said) }
        return program.output.lines
    }

    @Test func `a consumer that was killed with the daemon gets everything that was received`() async throws {
        try await play { stage, _, setting in
            setting.consumers = [
                "{name: archive, type: file, path: \(setting.path("archive"))}",
                #"{name: gone, type: hook, mode: stream, shell: "exit 1"}"#,
            ]
            for turn in 1...3 {
                let program = try setting.start()
                let before = setting.lines("archive").count
                try await eventually("events come", seen: { program.said }) {
                    setting.lines("archive").count > before + 30
                }
                if turn < 3 {
                    program.send(SIGKILL)
                    #expect(try await program.ended() == .signal(SIGKILL))
                } else {
                    program.send(SIGTERM)
                    #expect(try await program.ended() == .exit(0), "\(program.said)")
                }
            }
            let kept = try await ask("SELECT raw FROM events WHERE kind = 0 ORDER BY sequence", setting)
            let numbers = kept.compactMap(\.number)
            #expect(
                numbers.count > 60, "\(numbers.count) of \(kept.count), \(setting.lines("archive").count) in the file")
            #expect(numbers.count == kept.count)
            let archived = Set(setting.lines("archive"))
            // What was committed and not yet delivered when the daemon was told to end is there after the next start.
            let behind = kept.filter { !archived.contains($0) }
            #expect(behind.allSatisfy { kept.suffix(100).contains($0) }, "\(behind.count) are missing")
            #expect(try await ask("PRAGMA integrity_check", setting) == ["ok"])
        }
    }

    @Test func `a consumer that comes later begins where it is told to, and one of no use holds nobody up`()
        async throws
    {
        try await play { stage, _, setting in
            setting.consumers = ["{name: archive, type: file, path: \(setting.path("archive"))}"]
            let program = try setting.start()
            try await eventually("events come", seen: { program.said }) { setting.lines("archive").count > 50 }
            setting.consumers += [
                "{name: all, type: file, path: \(setting.path("all")), from: beginning}",
                "{name: new, type: file, path: \(setting.path("new"))}",
                "{name: feed, type: stdout, output: envelope}",
            ]
            try setting.write()
            program.send(SIGHUP)
            try await program.says("is taken over")
            try await eventually("all have events", seen: { program.said }) {
                setting.lines("all").count > 60 && setting.lines("new").count > 10 && program.output.lines.count > 10
            }
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(setting.lines("all").first?.number == setting.lines("archive").first?.number)
            let new = setting.lines("new").compactMap(\.number)
            #expect(new.count == setting.lines("new").count && new == Array(new[0]..<(new[0] + new.count)))
            #expect(new[0] > 50)
            let printed = program.output.lines.compactMap(\.number)
            #expect(printed == Array(printed[0]..<(printed[0] + printed.count)))
        }
    }

    @Test func `what a hook refuses is a dead letter in the journal`() async throws {
        try await play { stage, _, setting in
            setting.consumers = [
                "{name: refusing, type: hook, command: [/bin/false], retry: {attempts: 1}}"
            ]
            let program = try setting.start()
            try await program.says("is among the dead letters", times: 3)
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            let letters = try await ask("SELECT consumer, exit_status FROM dead_letters", setting)
            #expect(letters.count >= 3 && Set(letters) == ["refusing|1"], "\(letters.prefix(3))")
        }
    }
}
