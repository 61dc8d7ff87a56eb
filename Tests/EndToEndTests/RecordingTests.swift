import Foundation
import KazooSimulator
import Testing

/// What was recorded is played to any client: `stream --output envelope`, then `simulate --from`.
@Suite(.timeLimit(.minutes(10))) struct RecordingTests {
    private static let password = "secret"
    private static let acme = ["--username", "admin", "--account-name", "Acme"]

    /// Starts kazoo-subscribe against a player.
    private func subscribe(
        _ stage: Stage, to player: Player, _ arguments: [String]
    ) throws -> RunningProgram {
        try stage.kazooSubscribe(
            player.addresses.arguments + Self.acme + ["--password-file", stage.file("password", Self.password)]
                + arguments)
    }

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `what was recorded comes back byte for byte`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let server = try await stage.recordedKazoo(flavour)
            let count = ["--count", "\(server.events.count)"]
            let recorder = try stage.subscribe(
                to: server.addresses, server.subscribing + count + ["--output", "envelope"])
            #expect(try await recorder.ended() == .exit(0), "\(recorder.said)")

            let player = try await stage.player(recorder.output.text, flavour)
            #expect(player.program.errors.text.contains(" has \(server.events.count) events of 1 account in "))
            let program = try subscribe(stage, to: player, server.subscribing + count)
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.lines.count == server.events.count)
            for (line, event) in zip(program.output.lines, server.events) {
                #expect(RecordedEvent.withoutKeys(line) == RecordedEvent.withoutKeys(event))
            }
        }
    }

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `a client that is not ours gets each frame as Kazoo sent it`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let events = try RecordedEvent.all(flavour).map(\.frame)
            let recording = ([#"{"action":"gap"}"#] + events + ["damaged"]).map { $0 + "\n" }.joined()
            let player = try await stage.player(recording, flavour, ["--rate", "1000"])
            let client = try stage.foreignClient(of: player.addresses, RecordedEvent.bindings(flavour))
            try await client.prints(lines: events.count)
            try await player.program.says("played \(events.count) events")
            #expect(player.program.errors.text.contains("left out: 1 gap, 1 unusable line"))
            #expect(player.program.errors.text.contains("line \(events.count + 2): not JSON"))
            #expect(client.ending == nil, "clients stay connected")
            player.program.send(SIGTERM)
            #expect(try await player.program.ended() == .exit(0))
            _ = try await client.ended()
            #expect(client.output.lines.count == events.count)
            for (frame, event) in zip(client.output.lines, events) { #expect(frame == Self.asForThisClient(event)) }
        }
    }

    /// A recorded frame; some were recorded with another subscription than this client has.
    private static func asForThisClient(_ frame: String) -> String {
        frame.replacing(#""object.*.user""#, with: #""object.*.*""#).replacing(#"8e8.user.*""#, with: #"8e8.*.*""#)
    }

    /// One call of each of three accounts, two of the first.
    private static func calls(_ accounts: [String]) -> String {
        (accounts + accounts.prefix(1)).enumerated().map { number, account in
            #"{"action":"event","subscribed_key":"s","subscription_key":"t","name":"CHANNEL_CREATE","#
                + #""routing_key":"call.\#(account).CHANNEL_CREATE.\#(number)","#
                + #""data":{"custom_channel_vars":{"account_id":"\#(account)"},"msg_id":"\#(number)"}}"# + "\n"
        }.joined()
    }

    private static let accounts = ["1", "2", "3"].map { String(repeating: $0, count: 32) }

    @Test(arguments: [
        ([], ["0", "3"]), (["--account", accounts[1]], ["1"]), (["--account", "descendants"], ["1", "2"]),
    ])
    func `accounts of a recording can be subscribed to`(arguments: [String], expected: [String]) async throws {
        try await Stage.set { stage in
            let player = try await stage.player(Self.calls(Self.accounts), .v5, ["--rate", "1000"])
            #expect(player.program.errors.text.contains("account Acme has the id \(Self.accounts[0]) and 2 events"))
            let program = try subscribe(
                stage, to: player,
                arguments + ["-b", "call.*.*", "--format", "{data.msg_id}\\n", "--no-reconnect"])
            try await player.program.says("played 4 events")
            // With the end of the connection, all is there that will ever come.
            player.program.send(SIGTERM)
            #expect(try await program.ended() == .exit(69), "\(program.said)")
            #expect(program.output.lines == expected)
        }
    }

    @Test func `with --loop they come again, as events of their own`() async throws {
        try await Stage.set { stage in
            let player = try await stage.player(Self.calls([Self.accounts[0]]), .v4, ["--rate", "1000", "--loop"])
            let program = try subscribe(
                stage, to: player, ["-b", "call.*.*", "--format", "{data.msg_id}\\n", "--count", "5"])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.lines == ["0", "1", "0-2", "1-2", "0-3"])
        }
    }

    @Test func `demo plays a recording too, of all its accounts`() async throws {
        try await Stage.set { stage in
            let file = try stage.file("recording.ndjson", Self.calls(Self.accounts))
            let program = try stage.kazooSubscribe(
                ["demo", "--from", file, "--rate", "1000", "--count", "4", "--format", "{data.msg_id}\\n"])
            #expect(try await program.ended() == .exit(0), "\(program.said)")
            #expect(program.output.lines == ["0", "1", "2", "3"])
        }
    }

    @Test func `what cannot be played is refused with a reason`() async throws {
        try await Stage.set { stage in
            func expect(_ file: String, _ code: Int32, _ words: String) async throws {
                let program = try stage.kazooSubscribe(["simulate", "--from", file, "--api-port", "0", "--port", "0"])
                #expect(try await program.ended() == .exit(code), "\(program.said)")
                #expect(program.errors.text.contains(words), "\(words): \(program.said)")
            }
            try await expect("-", 64, "--from wants a file: a recording is read twice")
            try await expect("/nowhere/day.ndjson", 74, "cannot read /nowhere/day.ndjson: No such file or directory")
            try await expect(stage.directory.path, 74, "Is a directory")
            try await expect(stage.file("empty", ""), 65, "is empty")
            try await expect(stage.file("text", "hello\n"), 65, "holds no events that can be played: line 1: not JSON")
            try await expect(
                stage.file("events", #"{"specversion":"1.0"}"#), 65, "line 1: a CloudEvents line does not hold")
        }
    }
}
