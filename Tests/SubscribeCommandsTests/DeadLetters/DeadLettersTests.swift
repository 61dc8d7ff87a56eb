import ArgumentParser
import Consumers
import Events
import Foundation
import Testing

@testable import SubscribeCommands

@Suite(.timeLimit(.minutes(10))) final class DeadLettersTests {
    private let directory: URL
    private let file: DeadLetterFile
    private var config: String { directory.appendingPathComponent("config.yaml").path }
    private var arrived: URL { directory.appendingPathComponent("arrived") }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("letters-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        file = DeadLetterFile(consumer: "users", directory: directory.appendingPathComponent("dead-letters").path)
        // A hook that refuses the event "bad", and says so.
        try configure(
            """
            consumers:
              - name: users
                type: hook
                command: [/bin/sh, -c, '[ "$1" = bad ] && exit 3; cat >> "$OUT"', hook, "{name}"]
                environment: {OUT: \(arrived.path)}
              - {name: archive, type: stdout}
            """)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func configure(_ consumers: String) throws {
        try """
        kazoo: {server: http://kazoo, username: events, account_name: master}
        subscriptions: [{bindings: [call.*.*]}]
        state_directory: \(directory.path)
        \(consumers)

        """.write(toFile: config, atomically: true, encoding: .utf8)
    }

    private func keep(_ names: String...) async throws -> [String] {
        for name in names {
            let text = Array(#"{"name":"\#(name)"}"#.utf8)
            var batch = EventBatch()
            try text.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
            try await file.keep(batch, attempts: 5, ConsumerFailure(.giveUp, "it ended with exit status 3"))
        }
        return try letters().map(\.id)
    }

    private func letters() throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        try file.read {
            letters.append($0)
            return true
        }
        return letters
    }

    /// Runs a command; returns the exit code.
    private func run(_ arguments: String...) async throws -> Int32 {
        try await Environment.$substitute.withValue([:]) {
            var command = try DeadLetters.parseAsRoot(arguments + ["--config", config, "--quiet"])
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                return 0
            } catch let code as ExitCode {
                return code.rawValue
            }
        }
    }

    @Test func `retry takes out what succeeds`() async throws {
        let ids = try await keep("good", "bad", "fine")
        #expect(try await run("retry", "--all") == 75, "one is still there")
        #expect(try letters().map(\.id) == [ids[1]])
        #expect(try String(contentsOf: arrived, encoding: .utf8) == "{\"name\":\"good\"}\n{\"name\":\"fine\"}\n")
    }

    @Test func `a hook that does not read the event`() async throws {
        _ = try await keep("good")
        try configure("consumers: [{name: users, type: hook, command: [/bin/true]}]")
        #expect(try await run("retry", "--all") == 0)
        #expect(try letters().isEmpty)
    }

    @Test func `retry of one`() async throws {
        let ids = try await keep("good", "fine")
        #expect(try await run("retry", ids[1]) == 0)
        #expect(try letters().map(\.id) == [ids[0]])
    }

    @Test func `drop takes out, and nothing else`() async throws {
        let ids = try await keep("a", "b", "c")
        #expect(try await run("drop", ids[0], ids[2]) == 0)
        #expect(try letters().map(\.id) == [ids[1]])
        #expect(try await run("drop", "--all", "--consumer", "archive") == 0)
        #expect(try letters().count == 1, "another consumer's")
        #expect(try await run("drop", "--all") == 0)
        #expect(try letters().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: arrived.path))
    }

    @Test(arguments: ["list", "show", "retry", "drop"]) func `letters that are nowhere`(command: String) async throws {
        _ = try await keep("good")
        #expect(try await run(command, "0000000000") == 65)
        #expect(try letters().count == 1)
    }

    @Test(arguments: [["retry"], ["drop"], ["drop", "--all", "x"]]) func `nothing is done by accident`(
        arguments: [String]
    ) {
        #expect(throws: (any Error).self) { try DeadLetters.parseAsRoot(arguments) }
    }

    @Test func `a consumer that is no hook any more`() async throws {
        _ = try await keep("good")
        try configure("consumers: [{name: users, type: stdout}]")
        #expect(try await run("retry", "--all") == 78)
        try configure("consumers: [{name: others, type: stdout}]")
        #expect(try await run("retry", "--all") == 78)
        try configure("consumers: [{name: users, type: hook, shell: 'echo {data.id}'}]")
        #expect(try await run("retry", "--all") == 78)
        #expect(try letters().count == 1)
        try configure("consumers: 7")
        #expect(try await run("list") == 78)
    }

    @Test func `a line for people`() async throws {
        _ = try await keep("x")
        let letter = try #require(try letters().first)
        #expect(
            ListDeadLetters.line(letter)
                == "\(letter.id)  \(letter.time)  users  5 attempts  it ended with exit status 3")
    }
}
