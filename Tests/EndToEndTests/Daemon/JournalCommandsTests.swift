import Foundation
import KazooSimulator
import Testing

/// The commands that look into a journal, while the daemon writes it and after that.
@Suite(.timeLimit(.minutes(10))) struct JournalCommandsTests {
    /// A daemon with a journal that gets events all the time.
    private func play(
        consumers: [String] = ["{name: archive, type: file, path: /dev/null/nowhere}"], rate: Double = 200,
        _ play: (Stage, RunningProgram, DaemonSetting) async throws -> Void
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator {
                $0.eventSource = Numbered(1_000_000)
                $0.eventsPerSecond = rate
            }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.subscriptions = #"- bindings: ["object.*.*"]"#
            setting.journal = "{path: \(setting.path("journal.sqlite")), retain: 1d}"
            setting.consumers = consumers.map { $0.replacingOccurrences(of: "@", with: stage.directory.path) }
            let program = try setting.start()
            try await program.isReady()
            try await play(stage, program, setting)
        }
    }

    private static let archive = "{name: archive, type: file, path: @/archive}"

    /// Runs a command to its end.
    private func run(
        _ arguments: String..., on setting: DaemonSetting, code: Int32 = 0
    ) async throws -> (output: [String], errors: String) {
        let program = try setting.stage.kazooSubscribe(arguments + ["--config", setting.config])
        let end = try await program.ended()
        guard end == .exit(code) else { throw Unmet("\(arguments): \(end)\n\(program.said)") }
        return (program.output.lines, program.errors.text)
    }

    private func stop(_ program: RunningProgram) async throws {
        program.send(SIGTERM)
        guard try await program.ended() == .exit(0) else { throw Unmet(program.said) }
    }

    @Test func `what is listed and exported is what was received, while it is written`() async throws {
        try await play(consumers: [Self.archive]) { stage, daemon, setting in
            try await eventually("events come") { setting.lines("archive").count > 100 }
            let exported = try await run("journal", "export", "--output", "raw", on: setting).output
            #expect(exported.count > 100)
            #expect(exported.compactMap(\.number) == Array(1...exported.count))
            let listed = try await run("journal", "list", "--last", "7", "--output", "json", on: setting).output
            #expect(listed.count == 7)
            #expect(listed.allSatisfy { $0.contains(#""kind":"event","id":""#) })
            let verdict = try await run("journal", "verify", on: setting).output
            #expect(verdict.count == 5 && verdict.dropFirst().allSatisfy { $0.hasPrefix("  ok   ") }, "\(verdict)")
            try await stop(daemon)

            let consumers = try await run("journal", "list", "consumers", on: setting).output
            #expect(consumers[0].hasPrefix("CONSUMER  POSITION  BEHIND"))
            #expect(consumers[1].hasPrefix("archive "))
            let again = try await run("journal", "export", "--output", "raw", on: setting).output
            #expect(Array(again.prefix(exported.count)) == exported)
            #expect(setting.lines("archive").allSatisfy(Set(again).contains))
        }
    }

    @Test func `an exported day is replayed byte for byte, also to a hook of the config file`() async throws {
        let hook = #"{name: numbers, type: hook, mode: stream, shell: "cat >> @/got", match: {data.part: rest}}"#
        try await play(consumers: [hook]) { stage, daemon, setting in
            try await eventually("events come") { setting.lines("got").count > 50 }
            try await stop(daemon)
            let day = try await run("journal", "export", on: setting).output
            let file = try stage.file("day.ndjson", day.map { $0 + "\n" }.joined())
            let raw = try await run("journal", "export", "--output", "raw", on: setting).output
            #expect(try await run("replay", "--file", file, on: setting).output == raw)
            #expect(try await run("replay", on: setting).output == raw)

            let before = setting.lines("got").count
            _ = try await run("replay", "--file", file, "--consumer", "numbers", on: setting)
            let replayed = setting.lines("got").dropFirst(before)
            #expect(Array(replayed) == raw.filter { $0.contains(#""part":"rest""#) })
            let position = try await run("journal", "list", "consumers", "--output", "json", on: setting).output
            #expect(position.count == 1, "replaying gives nobody a place in the journal")
        }
    }

    @Test func `a replay at a speed takes its time, and is ended by a signal`() async throws {
        try await play(consumers: [Self.archive], rate: 20) { stage, daemon, setting in
            try await eventually("events come") { setting.lines("archive").count > 20 }
            try await stop(daemon)
            // The first event is due at once, the others would take days.
            let replay = try stage.kazooSubscribe(
                ["replay", "--config", setting.config, "--speed", "0.00001", "--verbose"])
            try await replay.prints(lines: 1)
            replay.send(SIGINT)
            #expect(try await replay.ended() == .exit(130), "\(replay.said)")
            #expect(replay.output.lines.count < 20)
        }
    }

    @Test func `a hook that refuses a replayed event leaves no dead letter, and is told by the exit code`() async throws
    {
        let hook =
            #"{name: odd, type: hook, shell: 'read e; case "$e" in *2\"*) exit 4;; esac', retry: {attempts: 1}, from: beginning}"#
        try await play(consumers: [Self.archive]) { stage, daemon, setting in
            try await eventually("events come") { setting.lines("archive").count > 30 }
            try await stop(daemon)
            var setting = setting
            setting.consumers.append(hook)
            try setting.write()
            let file = try stage.file(
                "some.ndjson",
                try await run("journal", "export", "--output", "raw", on: setting).output.prefix(12)
                    .map { $0 + "\n" }.joined())
            let said = try await run("replay", "--file", file, "--consumer", "odd", on: setting, code: 75).errors
            #expect(said.ranges(of: "is not delivered, after 1 attempts").count == 2, "events 2 and 12: \(said)")
            let letters = try await run("dead-letters", "list", on: setting)
            #expect(letters.output == [] && letters.errors.contains("there are no dead letters"))
        }
    }

    @Test func `dead letters of the journal are shown, retried and dropped while the daemon runs`() async throws {
        let hook =
            #"{name: users, type: hook, shell: 'test -e @/good && cat >> @/got', retry: {attempts: 1}}"#
        try await play(consumers: [hook], rate: 20) { stage, daemon, setting in
            try await daemon.says("is among the dead letters", times: 4)
            let listed = try await run("dead-letters", "list", on: setting).output
            let ids = listed.prefix(4).map { String($0.prefix { $0 != " " }) }
            let shown = try await run("dead-letters", "show", ids[0], on: setting).output
            #expect(shown.count == 1 && shown[0].contains(#""consumer":"users""#))
            let number = try #require(shown[0].number)

            _ = try await run("dead-letters", "retry", ids[0], on: setting, code: 75)
            _ = try stage.file("good", "")
            _ = try await run("dead-letters", "retry", ids[0], on: setting)
            #expect(setting.lines("got").compactMap(\.number).contains(number))
            let dropped = try await run("dead-letters", "drop", ids[1], ids[2], on: setting)
            #expect(dropped.errors.contains("dropped 2 dead letters"))
            let left = try await run("dead-letters", "list", on: setting).output
            #expect(!left.contains { line in ids.prefix(3).contains { line.hasPrefix($0) } })
            #expect(left.contains { $0.hasPrefix(ids[3]) })
            try await stop(daemon)
        }
    }

    @Test func `pruning spares what nobody has read, and a running daemon goes on`() async throws {
        try await play(consumers: [Self.archive, "{name: stuck, type: file, path: /dev/null/nowhere}"]) {
            stage, daemon, setting in
            try await eventually("events come") { setting.lines("archive").count > 100 }
            let spared = try await run("journal", "prune", "--keep", "10", on: setting).errors
            #expect(spared.contains("removed 0 events"))
            let forced = try await run("journal", "prune", "--keep", "10", "--force", on: setting).errors
            #expect(forced.contains("given up that were not delivered consumer=stuck"), "\(forced)")
            let count = setting.lines("archive").count
            try await eventually("the daemon goes on", seen: { daemon.said }) {
                setting.lines("archive").count > count + 50
            }
            #expect(!daemon.errors.text.contains("a new journal has"), "nothing was taken for damage")
            let gaps = try await run("journal", "list", "gaps", "--output", "json", on: setting).output
            #expect(gaps.contains { $0.contains(#""reason":"retention""#) && $0.contains(#""consumer":"stuck""#) })
            try await stop(daemon)
            _ = try await run("journal", "verify", on: setting)
        }
    }

    @Test func `damage is found, and said to be mended by the daemon`() async throws {
        try await play(consumers: [Self.archive]) { stage, daemon, setting in
            try await eventually("events come") { setting.lines("archive").count > 300 }
            try await stop(daemon)
            let file = try #require(FileHandle(forUpdatingAtPath: setting.path("journal.sqlite")))
            let size = try file.seekToEnd()
            for offset in stride(from: UInt64(8 * 4096), to: size, by: 3 * 4096) {
                try file.seek(toOffset: offset)
                file.write(Data(repeating: 0x58, count: 4096))
            }
            try file.close()
            let verdict = try await run("journal", "verify", on: setting, code: 65)
            #expect(verdict.output.contains { $0.hasPrefix("  FAIL file") }, "\(verdict)")
        }
    }

    @Test(
        arguments: [
            (["journal", "list"], 78, "there is no section “journal”"),
            (["replay", "--consumer", "nobody"], 78, "there is no section “journal”"),
            (["journal", "list", "--journal", "/nonexistent"], 64, "exclude each other"),
            (["journal", "list", "--since", "11:00", "--until", "now", "--last", "0"], 64, "--last wants"),
            (["journal", "list", "consumers", "--match", "a=b"], 64, "are about events"),
            (["replay", "--speed", "0"], 64, "--speed wants"),
            (["replay", "--file", "-", "--consumer", "archive", "--output", "raw"], 64, "a consumer has its own form"),
            (["replay", "--file", "/nonexistent", "--consumer", "archive"], 74, "No such file"),
            (
                ["replay", "--file", "/nonexistent", "--consumer", "nobody"], 78,
                "there is no consumer nobody; there are"
            ),
        ] as [([String], Int32, String)])
    func `what cannot be done is said with what can`(
        _ arguments: [String], _ code: Int32, _ words: String
    ) async throws {
        try await Stage.set { stage in
            var setting = try DaemonSetting(on: stage, with: Addresses(server: "http://a", websocket: "ws://a"))
            setting.consumers = ["{name: archive, type: file, path: \(setting.path("archive"))}"]
            try setting.write()
            let program = try stage.kazooSubscribe(arguments + ["--config", setting.config])
            #expect(try await program.ended() == .exit(code), "\(program.said)")
            #expect(program.errors.text.contains(words), "\(program.said)")
        }
    }
}
