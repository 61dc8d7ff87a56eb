import Foundation
import Testing

/// `kazoo-subscribe check`: 0 or 78, with everything that is wrong in lines that an editor can follow.
@Suite(.timeLimit(.minutes(10))) struct CheckTests {
    private static let sample = Stage.package.appendingPathComponent("etc/kazoo-subscribe/config.yaml").path

    @Test func `the sample that is installed`() async throws {
        try await Stage.set { stage in
            let program = try stage.kazooSubscribe(["check", "--config", Self.sample])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.text.isEmpty)
            #expect(program.errors.lines == ["\(Self.sample): ok (2 bindings, 1 consumer: archive)"])
        }
    }

    @Test func `all mistakes at once`() async throws {
        try await Stage.set { stage in
            let path = try stage.file(
                "config.yaml",
                """
                kazoo:
                  server: http://kazoo.example.com:8000
                  usrname: events
                  token_file: /nowhere/token
                subscriptions:
                  - bindings: [call.CHANEL_CREATE.*]
                consumers:
                  - {name: crm, type: webhook, timeout: 30}
                metrics: {}
                """)
            let program = try stage.kazooSubscribe(["check", "--print-config", "--config", path])
            #expect(try await program.ended() == .exit(78))
            #expect(program.output.text.isEmpty, "what is wrong is not in force")
            let lines = program.errors.lines
            #expect(
                lines.map { $0.dropFirst(path.count).prefix { $0 != " " } } == [
                    ":3:3:", ":4:15:", ":6:16:", ":8:23:", ":9:1:",
                ],
                "\(program.said)")
            #expect(lines.first == "\(path):3:3: unknown key “usrname” (did you mean “username”?)")
            #expect(lines.last == "\(path):9:1: “metrics” is not available in this version")
        }
    }

    @Test func `what is in force, without secrets`() async throws {
        try await Stage.set { stage in
            let secret = try #require(Login.secrets.first)
            let path = try stage.file(
                "config.yaml",
                """
                kazoo: {server: "http://file", username: events, account_name: master, password_file: /nowhere}
                subscriptions: [{bindings: call.*.*}]
                consumers: [{name: a, type: hook, command: [/bin/sh], environment: {TOKEN: \(secret)}}]
                """)
            let program = try stage.kazooSubscribe(
                ["check", "--print-config", "--config", path],
                environment: ["KAZOO_SUBSCRIBE_SERVER": "http://variable", "KAZOO_SUBSCRIBE_PASSWORD": secret])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            let printed = program.output.text
            for words in [
                "server: http://variable ", "# environment: KAZOO_SUBSCRIBE_SERVER\n", "username: events ",
                "# \(path):1\n",
                "timeout: 30s ", "# default\n", "TOKEN: \"<redacted>\"",
            ] {
                #expect(printed.contains(words), "\(words): \(printed)")
            }
        }
    }

    @Test func `no file`() async throws {
        try await Stage.set { stage in
            let missing = stage.directory.appendingPathComponent("missing.yaml").path
            let program = try stage.kazooSubscribe(["check", "--config", missing])
            #expect(try await program.ended() == .exit(78))
            #expect(program.errors.lines == ["\(missing): No such file or directory"])
        }
    }

    @Test func `standard output is full`() async throws {
        try await Stage.set { stage in
            let script = #""$0" check --print-config --config "$1" >/dev/full"#
            let program = try stage.start("/bin/sh", ["-c", script, Stage.executable, Self.sample])
            #expect(try await program.ended() == .exit(74))
            #expect(program.errors.lines == ["standard output: No space left on device"])
        }
    }
}
