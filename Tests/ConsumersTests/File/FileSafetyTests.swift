import Consumers
import Events
import Glibc
import Testing

/// Files that others have put where ours should be.
@Suite(.timeLimit(.minutes(10))) struct FileSafetyTests {
    private let folder: TemporaryFolder
    private let witness = FileWitness()
    private var path: String { folder.path + "/events.ndjson" }

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ reason: String) async throws {
        var consumer = witness.consumer(.init(path: path))
        await #expect(throws: ConsumerFailure(.retry, "\(path): \(reason)")) {
            try await consumer.deliver(.numbered(1...1))
        }
        try await consumer.close()
    }

    @Test(arguments: [true, false]) func plantedLink(isDangling: Bool) async throws {
        let victim = folder.path + "/victim"
        if !isDangling { try TemporaryFolder.write("precious", to: victim) }
        try #require(symlink(victim, path) == 0)
        try await refusal("this is a symbolic link, which is not followed")
        #expect(isDangling ? TemporaryFolder.status(victim) == nil : try TemporaryFolder.read(victim) == "precious")
    }

    @Test func plantedPipe() async throws {
        try #require(mkfifo(path, 0o666) == 0)
        try await refusal("this is not a regular file")
    }

    @Test func directory() async throws {
        try #require(mkdir(path, 0o755) == 0)
        try await refusal("this is a directory")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can make somebody else's file")) func strangersFile() async throws {
        try TemporaryFolder.write("", to: path)
        try #require(chown(path, 4711, 4711) == 0)
        try #require(chmod(folder.path, 0o1777) == 0)
        try await refusal("it belongs to somebody else, in a directory where everybody may write")
        // Where only root may write, somebody has been given the file.
        try #require(chmod(folder.path, 0o755) == 0)
        var consumer = witness.consumer(.init(path: path))
        try await consumer.deliver(.numbered(1...1))
        #expect(try TemporaryFolder.numbers(path) == [1])
        try await consumer.close()
    }

    @Test func secondNameForAFileOfOurs() async throws {
        let victim = folder.path + "/victim"
        try TemporaryFolder.write("precious\n", to: victim)
        try #require(link(victim, path) == 0)
        try #require(chmod(folder.path, 0o1777) == 0)
        try await refusal("it has another name too, and everybody may write to its directory")
        #expect(try TemporaryFolder.read(victim) == "precious\n")
    }

    /// A link where the torn line would go is not followed either, and the torn line stays.
    @Test func plantedTornFile() async throws {
        let victim = folder.path + "/victim"
        try TemporaryFolder.write("precious", to: victim)
        try TemporaryFolder.write("{}\n{\"torn", to: path)
        try #require(symlink(victim, path + ".torn") == 0)
        var consumer = witness.consumer(.init(path: path))
        await #expect(throws: ConsumerFailure.self) { try await consumer.deliver(.numbered(1...1)) }
        #expect(try TemporaryFolder.read(victim) == "precious")
        #expect(try TemporaryFolder.read(path) == "{}\n{\"torn")
        try await consumer.close()
    }
}
