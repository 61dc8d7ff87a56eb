import Consumers
import Events
import Glibc
import Testing

/// What a crash has left at the end of the file.
@Suite(.timeLimit(.minutes(10))) struct FileRepairTests {
    private let folder: TemporaryFolder
    private let witness = FileWitness()
    private var path: String { folder.path + "/events.ndjson" }

    init() throws { folder = try TemporaryFolder() }

    @Test func wholeLineWithoutNewline() async throws {
        try TemporaryFolder.write("{}\n{\"a\":1}", to: path)
        var consumer = witness.consumer(.init(path: path))
        try await consumer.tick(now: .now)
        #expect(try TemporaryFolder.read(path) == "{}\n{\"a\":1}\n")
        #expect(witness.all == [.completed(path: path)])
        try await consumer.close()
    }

    /// Torn lines of two crashes, short ones and one that is longer than what is read at once.
    @Test(arguments: [3, 100_000]) func tornLine(length: Int) async throws {
        for text in ["{\"a", "{\"b"] {
            let torn = text + String(repeating: "x", count: length - 3)
            try TemporaryFolder.write("{}\n" + torn, to: path)
            var consumer = witness.consumer(.init(path: path))
            try await consumer.deliver(.numbered(1...1))
            try await consumer.close()
            #expect(
                try TemporaryFolder.read(path) == #"{}"# + "\n"
                    + #"{"action":"event","data":{"number":"000001","fill":""}}"#
                    + "\n")
            #expect(witness.all.last == .cut(path: path, bytes: length, into: path + ".torn"))
        }
        let fill = String(repeating: "x", count: length - 3)
        #expect(try TemporaryFolder.read(path + ".torn") == "{\"a\(fill)\n{\"b\(fill)\n")
        #expect(try #require(TemporaryFolder.status(path + ".torn")).st_mode & 0o777 == 0o600)
    }

    @Test(arguments: ["{", "\0\0\0"]) func nothingButATornLine(_ text: String) async throws {
        try TemporaryFolder.write(text, to: path)
        var consumer = witness.consumer(.init(path: path))
        try await consumer.tick(now: .now)
        #expect(try #require(TemporaryFolder.status(path)).st_size == 0)
        #expect(try TemporaryFolder.read(path + ".torn") == text + "\n")
        try await consumer.close()
    }
}
