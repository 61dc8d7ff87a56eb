import Foundation
import KazooSimulator
import Testing

/// `run` with every kind of consumer at once.
@Suite(.timeLimit(.minutes(5))) struct BurstTests {
    /// Kazoo 4 keeps what a client does not read in time, so that all of them come.
    @Test func `a burst of 100,000 events is with every consumer, event by event`() async throws {
        let total = 100_000
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(.v4) {
                $0.eventSource = Numbered(total)
                $0.eventsPerSecond = 100_000
            }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            // The simulator begins as soon as one binding is confirmed.
            setting.subscriptions = #"- bindings: ["object.*.*"]"#
            let (archive, stream, samples) = (setting.path("archive"), setting.path("stream"), setting.path("samples"))
            setting.consumers = [
                "{name: feed, type: stdout, output: envelope}",
                "{name: archive, type: file, path: \(archive), rotate: {size: 5MB}}",
                #"{name: stream, type: hook, mode: stream, shell: "cat > \#(stream)"}"#,
                """
                {name: samples, type: hook, match: {data.part: sample}, concurrency: 8, order_by: action,
                     shell: 'jq -r .data.id >> \(samples)'}
                """,
            ]
            let program = try setting.start()
            // Hooks are the slowest: when they have the last event, everybody has got it.
            try await eventually("the last event has come", within: .seconds(180), seen: { program.said }) {
                _ = program.output.data
                return setting.lines("samples").last == "\(total)"
            }
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))

            let numbers = Array(1...total)
            let archived = try setting.files(beginning: "archive").flatMap { setting.lines($0) }
            #expect(archived.map(\.number) == numbers, "in their order, each once, over \(archived.count) lines")
            #expect(setting.lines("stream") == archived, "byte for byte")
            #expect(program.output.lines.map(\.number) == numbers)
            #expect(
                setting.lines("samples").compactMap { Int($0) } == Array(stride(from: 500, through: total, by: 500)))
            #expect(!program.errors.text.contains("dropped,"))
        }
    }
}

extension DaemonSetting {
    /// The files whose names begin with a word, by what stands in them.
    fileprivate func files(beginning word: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: stage.directory.path)
        return names.filter { $0.hasPrefix(word) }.sorted {
            lines($0).first?.number ?? 0 < lines($1).first?.number ?? 0
        }
    }
}
