import Events
import Glibc
import Testing

@testable import Consumers

@Suite(.timeLimit(.minutes(10))) struct FileRotationTests {
    private let folder: TemporaryFolder
    private let witness = FileWitness()
    private var path: String { folder.path + "/events.ndjson" }

    init() throws { folder = try TemporaryFolder() }

    /// The old files in the order of their names, then the current one.
    private var files: [String] { folder.files.filter { $0 != "events.ndjson" } + ["events.ndjson"] }

    private func numbers() throws -> [UInt64] {
        try files.flatMap { try TemporaryFolder.numbers("\(folder.path)/\($0)") }
    }

    /// Looks at the old files, here and now.
    private func sweep(_ settings: FileConsumer.Settings, current: String = "events.ndjson") {
        OldFiles(pattern: PathPattern(settings.path), rotation: settings.rotation) { Issue.record("\($0)") }
            .sweep(folder.path, current: { current }, isStopped: { false })
    }

    /// 100,000 events through rotations while old files are compressed: each is there once, in order, in whole lines.
    @Test func underLoad() async throws {
        // How fast the disk is does not matter here.
        let settings = FileConsumer.Settings(
            path: path, rotation: .init(size: 200_000, compresses: true), synchronization: .never)
        var consumer = witness.consumer(settings)
        for first in stride(from: UInt64(1), to: 100_000, by: 1000) {
            try await consumer.deliver(.numbered(first...(first + 999), padding: 50))
        }
        try await consumer.close()
        #expect(try numbers() == Array(1...100_000))
        #expect(files.count > 50)
        #expect(files.allSatisfy { !$0.hasSuffix(".tmp") })
        for file in files where !file.hasSuffix(".gz") {
            #expect(try #require(TemporaryFolder.status("\(folder.path)/\(file)")).st_size <= 200_000)
        }
        // What was not compressed at the end is at the next start.
        sweep(settings)
        #expect(files.dropLast().allSatisfy { $0.hasSuffix(".gz") })
        #expect(try numbers() == Array(1...100_000))
    }

    /// Only one event that is longer than a file makes it longer.
    @Test func oneLineIsNeverSplit() async throws {
        var consumer = witness.consumer(.init(path: path, rotation: .init(size: 1000)))
        try await consumer.deliver(.numbered(1...3, padding: 2000))
        try await consumer.close()
        #expect(files.count == 3)
        #expect(try numbers() == [1, 2, 3])
    }

    /// `every: 1h` begins a file when the hour on the wall turns, also when no event comes and after a restart.
    @Test func byTime() async throws {
        let settings = FileConsumer.Settings(path: path, rotation: .init(interval: .seconds(3600)))
        var consumer = witness.consumer(settings)
        try await consumer.deliver(.numbered(1...1))
        // What is there already has been written when the file says so; here that is another hour.
        #expect(files.count == 1)
        witness.wait(seconds: 60)
        try await consumer.deliver(.numbered(2...2))
        #expect(files.count == 1)
        witness.wait(seconds: 3600)
        try await consumer.tick(now: .now)
        #expect(files == ["events.ndjson-20261121T084314.123Z", "events.ndjson"])
        witness.wait(seconds: 3600)
        try await consumer.tick(now: .now)
        #expect(files.count == 2, "an empty file stays")
        try await consumer.deliver(.numbered(3...3))
        #expect(try numbers() == [1, 2, 3])
        try await consumer.close()
        // The file was last written an hour before this start.
        let written = try #require(Timestamp("2026-11-21T08:50:00Z")).unixSeconds
        let hourAgo = [timespec(tv_sec: written, tv_nsec: 0), timespec(tv_sec: written, tv_nsec: 0)]
        try #require(utimensat(AT_FDCWD, path, hourAgo, 0) == 0)
        var next = witness.consumer(settings)
        try await next.tick(now: .now)
        #expect(files.count == 3)
        try await next.close()
    }

    @Test func datedPath() async throws {
        let dated = folder.path + "/%Y/events-%Y-%m-%d.ndjson"
        var consumer = witness.consumer(.init(path: dated))
        try await consumer.deliver(.numbered(1...1))
        witness.wait(seconds: 86_400)
        try await consumer.deliver(.numbered(2...2))
        try await consumer.close()
        let names = TemporaryFolder.names(in: folder.path + "/2026")
        #expect(names == ["events-2026-11-21.ndjson", "events-2026-11-22.ndjson"])
        #expect(try names.map { try TemporaryFolder.numbers("\(folder.path)/2026/\($0)") } == [[1], [2]])
        #expect(try #require(TemporaryFolder.status(folder.path + "/2026")).st_mode & 0o777 == 0o750)
    }

    /// A directory in which nothing can get another name: the file grows on, and it is said once.
    @Test(.enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"))
    func rotationThatFails() async throws {
        let disk = try SmallDisk(size: 1 << 20)
        let path = disk.path + "/" + String(repeating: "x", count: 250)
        var consumer = witness.consumer(.init(path: path, rotation: .init(size: 1000)))
        try await consumer.deliver(.numbered(1...100))
        try await consumer.deliver(.numbered(101...200))
        #expect(try TemporaryFolder.numbers(path) == Array(1...200))
        #expect(witness.all == [.rotationFailed(path: path, "File name too long")])
        try await consumer.close()
    }

    // MARK: Old files

    @Test func keepsTheNewest() throws {
        let strangers = [
            "events.ndjson.1", "events.ndjson-20261121", "other-20261121T000000.000Z", "events.ndjson.torn",
        ]
        for name in strangers + ["events.ndjson"] { try TemporaryFolder.write("{}\n", to: "\(folder.path)/\(name)") }
        for hour in 10...19 {
            let name = "\(path)-20261121T\(hour)0000.000Z" + (hour < 15 ? ".gz" : "")
            try TemporaryFolder.write("{}\n", to: name)
            let time = [timespec(tv_sec: hour, tv_nsec: 0), timespec(tv_sec: hour, tv_nsec: 0)]
            try #require(utimensat(AT_FDCWD, name, time, 0) == 0)
        }
        sweep(.init(path: path, rotation: .init(keep: 3)))
        let kept = (17...19).map { "events.ndjson-20261121T\($0)0000.000Z" }
        #expect(folder.files == (strangers + ["events.ndjson"] + kept).sorted())
        sweep(.init(path: path, rotation: .init(keep: 0)))
        #expect(folder.files == (strangers + ["events.ndjson"]).sorted())
    }

    /// The program was killed at different moments of a compression.
    @Test func leftoversOfACrash() throws {
        let (early, late) = (path + "-20261121T100000.000Z", path + "-20261121T110000.000Z")
        try TemporaryFolder.write("{}\n", to: path)
        // In the middle: the compressed file is not complete.
        try TemporaryFolder.write("{\"early\":1}\n", to: early)
        try TemporaryFolder.write("half", to: early + ".gz.tmp")
        // After it has its name, and before the other one is removed.
        try TemporaryFolder.write("{\"late\":1}\n", to: late)
        try GzipFile.replace(late, isStopped: { false })
        try TemporaryFolder.write("{\"late\":1}\n", to: late)
        sweep(.init(path: path, rotation: .init(compresses: true)))
        #expect(folder.files == ["events.ndjson", early + ".gz", late + ".gz"].map(\.fileName).sorted())
        #expect(try TemporaryFolder.read(early + ".gz") == "{\"early\":1}\n")
        #expect(try TemporaryFolder.read(late + ".gz") == "{\"late\":1}\n")
    }

    /// The clock was set back over midnight, and a name was written again that had been compressed already.
    @Test func nameThatIsWrittenTwice() throws {
        let settings = FileConsumer.Settings(path: folder.path + "/%d.ndjson", rotation: .init(compresses: true))
        let day = folder.path + "/20.ndjson"
        try TemporaryFolder.write("{\"first\":1}\n", to: day)
        sweep(settings, current: "21.ndjson")
        try TemporaryFolder.write("{\"second\":2}\n", to: day)
        sweep(settings, current: "21.ndjson")
        let names = folder.files
        #expect(names.count == 2 && names.allSatisfy { $0.hasSuffix(".gz") })
        #expect(try TemporaryFolder.read(day + ".gz") == "{\"first\":1}\n")
        let other = try #require(names.first { $0 != "20.ndjson.gz" })
        #expect(try TemporaryFolder.read("\(folder.path)/\(other)") == "{\"second\":2}\n")
    }

    /// An old file that has become the current one again is not taken away from whoever writes it.
    @Test func writtenFileIsNotCompressed() async throws {
        var consumer = witness.consumer(.init(path: path))
        try await consumer.deliver(.numbered(1...1))
        try GzipFile.replace(path, isStopped: { false })
        #expect(folder.files == ["events.ndjson"])
        try await consumer.close()
        try GzipFile.replace(path, isStopped: { false })
        #expect(folder.files == ["events.ndjson.gz"])
        #expect(try TemporaryFolder.numbers(path + ".gz") == [1])
    }

    @Test func stoppedCompressionLeavesEverything() throws {
        try TemporaryFolder.write("{}\n", to: path)
        try GzipFile.replace(path, isStopped: { true })
        #expect(folder.files == ["events.ndjson"])
        #expect(try TemporaryFolder.read(path) == "{}\n")
    }

    @Test func compressedFileIsLikeTheOther() throws {
        try TemporaryFolder.write("{}\n", to: path)
        let time = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 2000, tv_nsec: 0)]
        try #require(chmod(path, 0o604) == 0 && utimensat(AT_FDCWD, path, time, 0) == 0)
        try GzipFile.replace(path, isStopped: { false })
        let status = try #require(TemporaryFolder.status(path + ".gz"))
        #expect(status.st_mode & 0o7777 == 0o604)
        #expect(status.st_mtim.tv_sec == 2000)
    }
}
