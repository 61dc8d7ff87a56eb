import Foundation
import KazooSimulator
import Testing

/// `run` with every kind of consumer at once.
@Suite(.timeLimit(.minutes(5))) struct BurstTests {
    /// Compares what came with what was sent, event by event; takes the directory and the number of events.
    ///
    /// By programs of the system, because so many lines keep a debug build of the tests busy for a minute.
    private static let comparison = """
        set -euo pipefail
        cd "$1"
        jq -r .event.data.id printed | cmp - <(seq "$2")
        # The old files have later names the later they were begun, and the last one has none yet.
        cat archive-* archive | tee archived | jq -r .data.id | cmp - <(seq "$2")
        cmp archived stream
        cmp samples <(seq 500 500 "$2")
        """

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
            setting.consumers = [
                "{name: feed, type: stdout, output: envelope}",
                "{name: archive, type: file, path: \(setting.path("archive")), rotate: {size: 5MB}}",
                #"{name: stream, type: hook, mode: stream, shell: "cat > \#(setting.path("stream"))"}"#,
                """
                {name: samples, type: hook, match: {data.part: sample}, concurrency: 8, order_by: action,
                     shell: 'jq -r .data.id >> \(setting.path("samples"))'}
                """,
            ]
            try setting.write()
            let program = try stage.start(
                "/bin/bash",
                [
                    "-c", #"exec nice "$1" run --config "$2" > "$3""#, "bash", Stage.executable, setting.config,
                    setting.path("printed"),
                ])
            // Hooks are the slowest: when they have the last event, everybody has got it.
            try await eventually("the last event has come", within: .seconds(240), seen: { program.said }) {
                setting.lines("samples").last == "\(total)"
            }
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))
            try await stage.run("/bin/bash", ["-c", Self.comparison, "bash", stage.directory.path, "\(total)"])
            #expect(!program.errors.text.contains("dropped,"))
        }
    }
}
