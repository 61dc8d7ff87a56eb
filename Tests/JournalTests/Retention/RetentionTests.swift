import Events
import Glibc
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(1))) struct RetentionTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    private func count() throws -> Int64 { try folder.integer("SELECT count(*) FROM events") ?? -1 }

    @Test func `count and age remove what is read`() async throws {
        let journal = try await folder.open(retention: Retention(count: 10))
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...100))
        _ = await reader.next(limit: 1 << 20)
        reader.acknowledge(through: 40)
        try await eventually("40 are read") { try count() == 60 }
        reader.acknowledge(through: 100)
        try await eventually("ten are left") { try count() == 10 }
        #expect(try folder.integer("SELECT min(sequence) FROM events") == 91)
        #expect(journal.counts.removed == 90)
        #expect(try folder.integer("SELECT count(*) FROM gaps") == 0, "nobody has lost anything")
        await journal.close()

        let aged = try await folder.open(retention: Retention(age: .seconds(3600)))
        aged.append(try calls(101...105))
        aged.append(try calls(106...106, at: Timestamp.now.microseconds))
        let again = try await aged.reader("archive", from: .now)
        try await eventually("what is old and unread stays") { try count() == 6 }
        #expect(await again.next(limit: 1 << 20)?.numbers == Array(101...106))
        again.acknowledge(through: 106)
        try await eventually("what is old and read is gone") { try count() == 1 }
        await aged.close()
    }

    @Test func `without a consumer, events go when they are old`() async throws {
        let journal = try await folder.open(retention: Retention(count: 10))
        journal.append(try calls(1...50))
        try await eventually("ten are left") { journal.counts.removed == 40 }
        #expect(try count() == 10)
        await journal.close()
    }

    @Test func `size takes what is not read, and says so`() async throws {
        let told = Told()
        let journal = try await folder.open(retention: Retention(size: 1 << 20), told: told)
        let slow = try await journal.reader("slow", from: .now)
        let fast = try await journal.reader("fast", from: .now)
        for first in stride(from: 1, to: 2000, by: 100) {
            journal.append(try calls(first...(first + 99), at: Int64(first), length: 2000))
            try await journal.flush()
            let batch = try #require(await fast.next(limit: 1 << 20))
            fast.acknowledge(through: batch.last?.sequence ?? 0)
        }
        try await eventually("the file is small again, and everything is told") {
            let first = try folder.integer("SELECT min(sequence) FROM events") ?? 0
            return try folder.integer("PRAGMA page_count") ?? .max <= 256 && journal.counts.removed == Int(first) - 1
        }
        let lost = Int(try #require(try folder.integer("SELECT min(sequence) FROM events"))) - 1
        #expect(lost > 1000)
        #expect(journal.counts.removed == lost)

        // One record for the whole interval, however many steps it took.
        #expect(try folder.texts("SELECT consumer FROM gaps WHERE consumer = 'slow'") == ["slow"])
        #expect(try folder.integer("SELECT events FROM gaps WHERE consumer = 'slow'") == Int64(lost))
        #expect(try folder.integer("SELECT sequence FROM gaps WHERE consumer = 'slow'") == Int64(lost))
        #expect(try folder.integer("SELECT position FROM cursors WHERE consumer = 'slow'") == Int64(lost))
        let told0 = told.all.compactMap { if case .gaveUp(let gap) = $0, gap.consumer == "slow" { gap } else { nil } }
        #expect(told0.last?.events == lost)

        // The consumer hears of it before it gets what is left.
        let notice = try #require(await slow.next(limit: 1 << 20))
        #expect(notice.map(\.kind) == [.notice])
        #expect(notice.map(\.sequence) == [UInt64(lost)])
        let text = try notice[0].json.withUnsafeBytes { try JSONValue(parsing: $0) }
        #expect(text["reason"] == "retention")
        #expect(text["events"]?.int == lost)
        slow.acknowledge(through: UInt64(lost))
        #expect(await slow.next(limit: 1 << 20)?.first?.sequence == UInt64(lost + 1))
        #expect(slow.lag == 2000 - lost)
        await journal.close()
    }

    @Test func `who was away hears of the gap, until it is past it`() async throws {
        let first = try await folder.open()
        let reader = try await first.reader("archive", from: .now)
        #expect(reader.lag == 0)
        first.append(try calls(1...400, length: 2000))
        await first.close()

        let second = try await folder.open(retention: Retention(size: 1 << 19))
        try await eventually("some are given up") { second.counts.removed > 100 }
        try await eventually("the file is small again") { try folder.integer("PRAGMA page_count") ?? .max <= 128 }
        await second.close()

        for _ in 1...2 {
            let third = try await folder.open()
            let again = try await third.reader("archive", from: .now)
            let notice = try #require(await again.next(limit: 1 << 20))
            #expect(notice.numbers == [-1])
            let next = try #require(await again.next(limit: 1))
            #expect(next[0].sequence == notice[0].sequence + 1)
            // What is not past the gap hears of it again.
            await third.close()
        }
        let last = try await folder.open()
        let again = try await last.reader("archive", from: .now)
        _ = await again.next(limit: 1)
        let next = try #require(await again.next(limit: 1))
        again.acknowledge(through: next[0].sequence)
        await last.close()
        let past = try await folder.open()
        let onward = try await past.reader("archive", from: .now)
        #expect(await onward.next(limit: 1)?.first?.sequence == next[0].sequence + 1)
        await past.close()
    }

    @Test func `the log stays short although consumers read`() async throws {
        let told = Told()
        let journal = try await folder.open(logThreshold: 200, told: told)
        let reader = try await journal.reader("archive", from: .beginning)
        for first in stride(from: 1, to: 4000, by: 200) {
            journal.append(try calls(first...(first + 199), length: 3000))
            try await journal.flush()
            while reader.lag > 0, let batch = await reader.next(limit: 1 << 18) {
                reader.acknowledge(through: batch.last?.sequence ?? 0)
            }
        }
        #expect(size(of: "journal.sqlite") > 12 << 20)
        // The threshold, and the largest commit on top.
        #expect(size(of: "journal.sqlite-wal") < 4 << 20)
        #expect(told.all.isEmpty)
        await journal.close()
    }

    @Test func `somebody hears of a program that keeps the log from beginning anew`() async throws {
        let told = Told()
        let journal = try await folder.open(logThreshold: 50, told: told)
        journal.append(try calls(1...1))
        try await journal.flush()
        let foreign = try Database(path: folder.journal, .readOnly)
        let long = try foreign.prepare("SELECT sequence FROM events")
        #expect(try long.step())
        for first in stride(from: 2, to: 3000, by: 100) {
            journal.append(try calls(first...(first + 99), length: 3000))
            try await journal.flush()
        }
        // Told once, however long it goes on.
        guard case .logHeldBack(let bytes) = told.all.first, told.all.count == 1 else {
            Issue.record("what was told: \(told.all)")
            return
        }
        #expect(bytes >= 16 * 50 * 4096)
        long.reset()
        for first in stride(from: 3002, to: 4000, by: 100) {
            journal.append(try calls(first...(first + 99), length: 3000))
            try await journal.flush()
        }
        #expect(try folder.integer("SELECT count(*) FROM events") ?? 0 > 3900)
        await journal.close()
    }

    private func size(of name: String) -> Int {
        var status = stat()
        return stat("\(folder.path)/\(name)", &status) == 0 ? Int(status.st_size) : -1
    }
}
