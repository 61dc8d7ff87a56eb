import Events
import Glibc
import Testing

@testable import Journal

/// What is done to the file of a journal, and what is left of it.
@Suite(.timeLimit(.minutes(1))) struct DamageTests {
    private let folder: JournalFolder
    private let told = Told()

    init() throws { folder = try JournalFolder() }

    /// A closed journal of 1000 calls, of which a consumer has read 100.
    private func makeJournal() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("archive", from: .now)
        for first in stride(from: 1, through: 1000, by: 100) {
            journal.append(try calls(first...(first + 99), at: Int64(first), length: 1000))
        }
        try await journal.flush()
        _ = await reader.next(limit: 1 << 20)
        reader.acknowledge(through: 100)
        await journal.close()
    }

    private func repair() throws -> JournalRepair {
        let repairs = told.all.compactMap { if case .repaired(let repair) = $0 { repair } else { nil } }
        try #require(repairs.count == 1, "what was told: \(told.all)")
        return repairs[0]
    }

    /// The calls that the consumer has not read, and -1 for each gap.
    private func read(_ journal: Journal, until last: Int) async throws -> [Int] {
        let reader = try await journal.reader("archive", from: .now)
        var numbers: [Int] = []
        while numbers.last != last, let batch = await reader.next(limit: 1 << 20) { numbers += batch.numbers }
        return numbers
    }

    /// Writes over a part of the file.
    private func overwrite(_ range: Range<Int>, with byte: UInt8 = 0x58) throws {
        let file = Glibc.open(folder.journal, O_WRONLY)
        defer { close(file) }
        let bytes = [UInt8](repeating: byte, count: range.count)
        try #require(pwrite(file, bytes, bytes.count, range.lowerBound) == bytes.count)
    }

    private func isWhole() throws -> Bool {
        try folder.texts("PRAGMA integrity_check") == ["ok"]
    }

    @Test func `what is no database is set aside, and a new journal begins`() async throws {
        try folder.write("journal.sqlite", String(repeating: "This is a letter to my mother. ", count: 500))
        let journal = try await folder.open(told: told)
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...1))
        #expect(await reader.next(limit: 1)?.numbers == [1])
        let repair = try repair()
        #expect(repair.events == 0)
        #expect(repair.damage.reason == "file is not a database")
        let aside = try #require(repair.setAside)
        #expect(aside.hasPrefix(folder.journal + ".damaged-20"))
        var status = stat()
        #expect(stat(aside, &status) == 0 && status.st_size == 31 * 500)
        await journal.close()
        #expect(try isWhole())
    }

    @Test func `the beginning of a journal that was cut short is kept`() async throws {
        try await makeJournal()
        let size = JournalFiles(path: folder.journal).size
        try #require(truncate(folder.journal, size / 2 / 4096 * 4096) == 0)
        let journal = try await folder.open(told: told)
        journal.append(try calls(1001...1001))
        let numbers = try await read(journal, until: 1001)
        let repair = try repair()
        #expect(repair.events > 300)
        #expect(repair.events < 1000)
        // The cursor was kept, and everything behind it up to the cut.
        #expect(numbers == Array(101...repair.events) + [-1, 1001])
        #expect(journal.lastSequence == 1001, "numbers go on behind what is lost")
        #expect(try folder.integer("SELECT events FROM gaps WHERE reason = 'damage'") == Int64(1000 - repair.events))
        await journal.close()
        #expect(try isWhole())
    }

    @Test func `what stands around a broken place is kept`() async throws {
        try await makeJournal()
        let size = JournalFiles(path: folder.journal).size
        try overwrite(size / 2..<(size / 2 + 40_960))
        let journal = try await folder.open(told: told)
        // Damage in the middle shows when somebody comes to it.
        journal.append(try calls(1001...1001))
        let numbers = try await read(journal, until: 1001)
        let repair = try repair()
        #expect(repair.events > 900)
        #expect(repair.events < 1001)
        let calls = numbers.filter { $0 > 0 }
        #expect(calls.count == repair.events - 100 + 1 || calls.count == repair.events - 100)
        #expect(calls == calls.sorted())
        #expect(numbers.contains(-1))
        let lost = try folder.integer("SELECT sum(events) FROM gaps WHERE reason = 'damage'")
        #expect(calls.count + Int(lost ?? 0) == 901)
        await journal.close()
        #expect(try isWhole())
    }

    @Test func `nothing is lost with the first page`() async throws {
        try await makeJournal()
        try overwrite(0..<4096)
        let journal = try await folder.open(told: told)
        journal.append(try calls(1001...1001))
        #expect(try await read(journal, until: 1001) == Array(101...1001))
        #expect(try repair().events == 1000)
        await journal.close()
        #expect(try isWhole())
    }

    @Test func `a journal that is cut short while it is in use goes on`() async throws {
        try await makeJournal()
        let journal = try await folder.open(told: told)
        try #require(truncate(folder.journal, 400 * 1024) == 0)
        try await eventually("it is noticed") { told.all.contains { if case .repaired = $0 { true } else { false } } }
        journal.append(try calls(1001...1001))
        let numbers = try await read(journal, until: 1001)
        #expect(numbers.first == 101)
        #expect(numbers.suffix(2) == [-1, 1001])
        #expect(numbers.count > 150)
        await journal.close()
        #expect(try isWhole())
    }

    @Test func `a journal that is deleted while it is in use comes back`() async throws {
        let journal = try await folder.open(told: told)
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...100))
        try await journal.flush()
        for name in ["", "-wal", "-shm"] { unlink(folder.journal + name) }
        journal.append(try calls(101...200))
        try await journal.flush()
        let repair = try repair()
        #expect(repair.damage.kind == .moved)
        #expect(repair.setAside == nil)
        #expect(repair.events == 100)
        var numbers: [Int] = []
        while numbers.count < 200, let batch = await reader.next(limit: 1 << 20) {
            numbers += batch.numbers
            reader.acknowledge(through: batch.last?.sequence ?? 0)
        }
        #expect(numbers == Array(1...200))
        try await eventually("cursors are committed") {
            try folder.integer("SELECT position FROM cursors WHERE consumer = 'archive'") == 200
        }
        await journal.close()
        #expect(folder.files == ["journal.sqlite", "journal.sqlite.lock"])
        #expect(try isWhole())
    }

    @Test func `another file in its place is set aside`() async throws {
        let journal = try await folder.open(told: told)
        journal.append(try calls(1...100))
        try await journal.flush()
        unlink(folder.journal)
        try folder.write("journal.sqlite", "hello")
        journal.append(try calls(101...101))
        try await journal.flush()
        let aside = try #require(try repair().setAside)
        #expect(aside.hasPrefix(folder.journal + ".found-20"))
        #expect(try folder.integer("SELECT count(*) FROM events") == 101)
        await journal.close()
    }

    @Test func `a journal that somebody locks goes on when it is free`() async throws {
        let journal = try await folder.open(told: told)
        let reader = try await journal.reader("archive", from: .now)
        let foreign = try Database(path: folder.journal, .readWrite)
        try foreign.execute("BEGIN IMMEDIATE")
        journal.append(try calls(1...3))
        try await eventually("it is told") { !told.all.isEmpty }
        guard case .suspended(let error) = told.all.first else {
            Issue.record("what was told: \(told.all)")
            return
        }
        #expect(error.kind == .locked)
        #expect(journal.counts.isSuspended)
        journal.append(try calls(4...4))
        try foreign.execute("COMMIT")
        #expect(await reader.next(limit: 1 << 20)?.numbers.prefix(3) == [1, 2, 3])
        try await journal.flush()
        #expect(!journal.counts.isSuspended)
        #expect(journal.lastSequence == 4)
        guard case .resumed = told.all.last else {
            Issue.record("what was told: \(told.all)")
            return
        }
        await journal.close()
    }
}

@Suite struct SizeWatchTests {
    @Test func `a file may grow`() {
        var watch = SizeWatch(size: 5)
        let told = [5, 10, 10, 20, 19, 19].map { watch.isCutShort(to: $0) }
        #expect(told == [nil, nil, nil, nil, 20, nil], "told once")
    }

    @Test func `a file may become shorter once pages were given back`() {
        var watch = SizeWatch(size: 20)
        watch.pagesWereGivenBack()
        let told = [25, 10, 5].map { watch.isCutShort(to: $0) }
        #expect(told == [nil, nil, 10])
    }
}
