import Consumers
import Events
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct FileConsumerTests {
    private let folder: TemporaryFolder
    private let witness = FileWitness()
    private var path: String { folder.path + "/events.ndjson" }

    init() throws { folder = try TemporaryFolder() }

    @Test func appends() async throws {
        try TemporaryFolder.write("{}\n", to: path)
        var consumer = witness.consumer(.init(path: path))
        let batch = try EventBatch.numbered(1...3)
        try await consumer.deliver(batch)
        try await consumer.close()
        #expect(try TemporaryFolder.read(path) == "{}\n" + String(decoding: batch.bytes, as: UTF8.self))
        #expect(witness.all.isEmpty)
    }

    @Test(arguments: [FileConsumer.Settings.Synchronization.never, .interval, .always])
    func synchronized(_ kind: FileConsumer.Settings.Synchronization) async throws {
        var consumer = witness.consumer(.init(path: path, synchronization: kind))
        try await consumer.deliver(.numbered(1...3))
        try await consumer.tick(now: .now)
        try await consumer.deliver(.numbered(4...5))
        #expect(try TemporaryFolder.numbers(path) == [1, 2, 3, 4, 5])
        try await consumer.close()
    }

    @Test func otherForms() async throws {
        var consumer = witness.consumer(.init(path: path, output: .envelope))
        try await consumer.deliver(.numbered(1...1))
        try await consumer.close()
        #expect(try TemporaryFolder.read(path).hasPrefix(#"{"seq":1,"received_at":"#))
    }

    /// The mode is what it says, whatever the umask is; the file is there before the first event.
    @Test func modeAndOwner() async throws {
        let isRoot = geteuid() == 0
        let owner = isRoot ? "4711:4712" : "\(geteuid()):\(getegid())"
        var consumer = witness.consumer(.init(path: path, mode: 0o666, owner: owner))
        try await consumer.tick(now: .now)
        let status = try #require(TemporaryFolder.status(path))
        #expect(status.st_mode & 0o7777 == 0o666)
        #expect(status.st_uid == (isRoot ? 4711 : geteuid()) && status.st_gid == (isRoot ? 4712 : getegid()))
        #expect(witness.all.isEmpty)
        try await consumer.close()
    }

    @Test func unknownOwner() async throws {
        var consumer = witness.consumer(.init(path: path, owner: "nobody-of-that-name"))
        await #expect(throws: ConsumerFailure(.retry, "\(path): this machine knows no owner nobody-of-that-name")) {
            try await consumer.deliver(.numbered(1...1))
        }
        #expect(folder.files.isEmpty)
    }

    @Test func twoOnOneFile() async throws {
        var first = witness.consumer(.init(path: path))
        try await first.deliver(.numbered(1...1))
        var second = witness.consumer(.init(path: path))
        await #expect(throws: ConsumerFailure.self) { try await second.deliver(.numbered(2...2)) }
        try await first.close()
        try await second.deliver(.numbered(2...2))
        #expect(try TemporaryFolder.numbers(path) == [1, 2])
        try await second.close()
    }

    /// While a hook is started, its process has a copy of every descriptor for a moment, which must not keep the lock.
    @Test func lockGoesWithTheConsumer() async throws {
        var first = witness.consumer(.init(path: path))
        try await first.deliver(.numbered(1...1))
        let copy = try #require(Descriptors.copy(ofFile: path))
        defer { close(copy) }
        try await first.close()
        var second = witness.consumer(.init(path: path))
        try await second.deliver(.numbered(2...2))
        #expect(try TemporaryFolder.numbers(path) == [1, 2])
        try await second.close()
    }

    // MARK: What others do to the file

    /// logrotate: the file gets another name, and the signal comes later or never.
    @Test(arguments: [true, false]) func movedAway(isTold: Bool) async throws {
        var consumer = witness.consumer(.init(path: path))
        try await consumer.deliver(.numbered(1...2))
        try #require(rename(path, path + ".1") == 0)
        if isTold { try await consumer.reopen() } else { try await consumer.tick(now: .now) }
        #expect(folder.files == ["events.ndjson", "events.ndjson.1"])
        try await consumer.deliver(.numbered(3...4))
        #expect(try TemporaryFolder.numbers(path + ".1") == [1, 2])
        #expect(try TemporaryFolder.numbers(path) == [3, 4])
        #expect(witness.all == (isTold ? [] : [.replaced(path: path)]))
        try await consumer.close()
    }

    /// logrotate's `copytruncate`: what follows begins at the beginning.
    @Test func emptied() async throws {
        var consumer = witness.consumer(.init(path: path))
        try await consumer.deliver(.numbered(1...2))
        try #require(truncate(path, 0) == 0)
        try await consumer.deliver(.numbered(3...4))
        #expect(try TemporaryFolder.numbers(path) == [3, 4])
        try await consumer.close()
    }

    @Test func deletedDirectory() async throws {
        let directory = folder.path + "/logs"
        let path = directory + "/events.ndjson"
        try #require(mkdir(directory, 0o755) == 0)
        var consumer = witness.consumer(.init(path: path))
        try await consumer.deliver(.numbered(1...2))
        TemporaryFolder.remove(directory)
        let missing = ConsumerFailure(.retry, "\(path): its directory is missing")
        for _ in 1...2 {
            await #expect(throws: missing) { try await consumer.deliver(.numbered(3...4)) }
        }
        await #expect(throws: missing) { try await consumer.tick(now: .now) }
        try #require(mkdir(directory, 0o755) == 0)
        try await consumer.deliver(.numbered(3...4))
        #expect(try TemporaryFolder.numbers(path) == [3, 4])
        #expect(witness.all == [.replaced(path: path)])
        try await consumer.close()
    }

    // MARK: A full disk

    /// What a full disk takes of a batch is taken back: no line is torn, none is doubled, and all of it comes when there is
    /// room.
    @Test(.enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"))
    func fullDisk() async throws {
        let disk = try SmallDisk(size: 64 << 10)
        let path = disk.path + "/events.ndjson"
        try TemporaryFolder.write(String(repeating: "x", count: 30_000), to: disk.path + "/other")
        var consumer = witness.consumer(.init(path: path))
        try await consumer.deliver(.numbered(1...10, padding: 1000))
        let full = ConsumerFailure(.retry, "\(path): No space left on device")
        for _ in 1...3 {
            await #expect(throws: full) { try await consumer.deliver(.numbered(11...50, padding: 1000)) }
            #expect(try TemporaryFolder.numbers(path) == Array(1...10))
        }
        try #require(unlink(disk.path + "/other") == 0)
        try await consumer.deliver(.numbered(11...50, padding: 1000))
        #expect(try TemporaryFolder.numbers(path) == Array(1...50))
        try await consumer.close()
    }

    /// The runner tries again by itself, and says when it has failed and when it works.
    @Test(.enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"))
    func fullDiskUnderARunner() async throws {
        let disk = try SmallDisk(size: 64 << 10)
        let path = disk.path + "/events.ndjson"
        try TemporaryFolder.write(String(repeating: "x", count: 60_000), to: disk.path + "/other")
        let (clock, feed) = (RunnerClock(), RunnerFeed())
        let notices = Mutex<[DeliveryNotice]>([])
        let runner = BatchRunner(feed: feed, policy: FileConsumer.policy, clock: clock) { notice in
            notices.withLock { $0.append(notice) }
        }
        feed.put(try .numbered(1...20, padding: 1000))
        feed.finish()
        async let run: Void = runner.run(FileConsumer(.init(path: path), now: clock.start) { _ in })
        await clock.hasSleeper(until: .milliseconds(200))
        #expect(feed.acknowledged.isEmpty)
        try #require(unlink(disk.path + "/other") == 0)
        clock.move(to: .milliseconds(200))
        await run
        #expect(try TemporaryFolder.numbers(path) == Array(1...20))
        #expect(feed.acknowledged == [20])
        let told = notices.withLock { $0 }
        try #require(told.count == 2)
        guard case .failing(let failure, _) = told[0] else {
            Issue.record("\(told[0])")
            return
        }
        #expect(failure == ConsumerFailure(.retry, "\(path): No space left on device"))
        #expect(told[1] == .recovered(failures: 1, after: .milliseconds(200)))
    }

    /// A disk that fills between two files of one batch: what stands in the first is not doubled.
    @Test(.enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"))
    func fullDiskInTheMiddleOfARotation() async throws {
        let disk = try SmallDisk(size: 128 << 10)
        let path = disk.path + "/events.ndjson"
        try TemporaryFolder.write(String(repeating: "x", count: 80_000), to: disk.path + "/other")
        var consumer = witness.consumer(.init(path: path, rotation: .init(size: 9000)))
        let batch = try EventBatch.numbered(1...50, padding: 1000)
        for _ in 1...3 {
            await #expect(throws: ConsumerFailure.self) { try await consumer.deliver(batch) }
        }
        try #require(unlink(disk.path + "/other") == 0)
        try await consumer.deliver(batch)
        try await consumer.close()
        let files = TemporaryFolder.names(in: disk.path).filter { $0 != "events.ndjson" } + ["events.ndjson"]
        #expect(files.count == 7)
        #expect(try files.flatMap { try TemporaryFolder.numbers("\(disk.path)/\($0)") } == Array(1...50))
    }
}
