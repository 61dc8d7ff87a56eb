import Events
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(1))) struct JournalReaderTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    private func position(_ consumer: String) throws -> Int64? {
        try folder.integer("SELECT position FROM cursors WHERE consumer = '\(consumer)'")
    }

    @Test func `a reader waits for what comes`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("archive", from: .now)
        async let next = reader.next(limit: 1 << 20)
        journal.append(try calls(1...1))
        #expect(await next?.numbers == [1])
        await journal.close()
    }

    @Test func `a reader that waits is ended`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("archive", from: .now)
        async let next = reader.next(limit: 1 << 20)
        reader.finish()
        #expect(await next == nil)
        let cancelled = Task { await reader.next(limit: 1) }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        await journal.close()
    }

    @Test func `what is not acknowledged comes again, in order`() async throws {
        let first = try await folder.open()
        let reader = try await first.reader("archive", from: .now)
        first.append(try calls(1...10))
        #expect(await reader.next(limit: 1 << 20)?.numbers == Array(1...10))
        reader.acknowledge(through: 4)
        await first.close()
        #expect(try position("archive") == 4)

        let second = try await folder.open()
        second.append(try calls(11...12))
        try await second.flush()
        let again = try await second.reader("archive", from: .now)
        #expect(await again.next(limit: 1 << 20)?.numbers == Array(5...12))
        await second.close()
    }

    @Test func `cursors are committed soon, and never move backwards`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...10))
        _ = await reader.next(limit: 1 << 20)
        reader.acknowledge(through: 7)
        try await eventually("the cursor is committed") { try position("archive") == 7 }
        reader.acknowledge(through: 3)
        journal.move("archive", to: 2)
        try await journal.flush()
        #expect(try position("archive") == 7)
        await journal.close()
    }

    @Test func `a limit bounds what is read, but one event always comes`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...6))
        try await journal.flush()
        let reader = try await journal.reader("archive", from: .beginning)
        let size = try calls(1...1).bytes.count
        #expect(await reader.next(limit: size * 2)?.numbers == [1, 2])
        #expect(await reader.next(limit: 1)?.numbers == [3])
        #expect(await reader.next(limit: size * 100)?.numbers == [4, 5, 6])
        await journal.close()
    }

    @Test func `a new consumer begins where it is told to, and only then`() async throws {
        let journal = try await folder.open()
        for number in 1...5 { journal.append(try calls(number...number, at: Int64(number) * 10)) }
        try await journal.flush()
        func first(_ consumer: String, _ start: JournalStart) async throws -> Int? {
            let reader = try await journal.reader(consumer, from: start)
            return await reader.next(limit: 1)?.numbers.first
        }
        #expect(try await first("beginning", .beginning) == 1)
        #expect(try await first("time", .time(Timestamp(microseconds: 25))) == 3)
        #expect(try await first("exact", .time(Timestamp(microseconds: 30))) == 3)
        #expect(try await first("early", .time(Timestamp(microseconds: -7))) == 1)
        // A known consumer goes on.
        #expect(try await first("time", .beginning) == 3)
        let now = try await journal.reader("now", from: .now)
        let future = try await journal.reader("future", from: .time(Timestamp(microseconds: 51)))
        journal.append(try calls(6...6))
        #expect(await now.next(limit: 1)?.numbers == [6])
        #expect(await future.next(limit: 1)?.numbers == [6])
        await journal.close()
    }

    @Test func `now is behind everything that was appended before`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...50))
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(51...51))
        #expect(await reader.next(limit: 1 << 20)?.numbers == [51])
        await journal.close()
    }

    @Test func `events that are not wanted are skipped, and the cursor moves past them`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("third", from: .now) { batch in
            batch.select(batch.indices.filter { batch.numbers[$0] % 3 == 0 })
        }
        journal.append(try calls(1...2))
        journal.append(try calls(3...8))
        try await journal.flush()
        #expect(await reader.next(limit: 1)?.numbers == [3])
        try await eventually("what was skipped is done with") { try position("third") == 2 }
        let rest = try #require(await reader.next(limit: 1 << 20))
        #expect(rest.numbers == [6])
        #expect(rest.map(\.sequence) == [6])
        reader.acknowledge(through: 3)
        try await eventually("4 and 5 are not wanted") { try position("third") == 5 }
        reader.acknowledge(through: 6)
        try await eventually("7 and 8 are not wanted") { try position("third") == 8 }
        #expect(reader.lag == 0)
        await journal.close()
    }

    @Test func `lag counts what is not done with`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("archive", from: .now)
        #expect(reader.lag == 0)
        #expect(reader.oldest == nil)
        journal.append(try calls(1...4, at: 77))
        _ = await reader.next(limit: 1 << 20)
        #expect(reader.lag == 4)
        #expect(reader.oldest == Timestamp(microseconds: 77))
        reader.acknowledge(through: 3)
        #expect(reader.lag == 1)
        reader.acknowledge(through: 4)
        #expect(reader.lag == 0)
        #expect(reader.oldest == nil)
        await journal.close()
    }

    // MARK: Dead letters

    private func letter(_ view: EventView, _ consumer: String = "hook", id: String) -> JournalLetter {
        JournalLetter(
            view, id: id, consumer: consumer, time: Timestamp(microseconds: 9), attempts: 3, reason: "exit status 1",
            exitStatus: 1, standardError: "no\n")
    }

    @Test func `a dead letter and its cursor are one transaction`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("hook", from: .now)
        journal.append(try calls(1...3, at: 5))
        let batch = try #require(await reader.next(limit: 1 << 20))
        let commits = journal.counts.commits
        try await reader.bury(letter(batch[0], id: "a"))
        #expect(journal.counts.commits == commits + 1)
        #expect(try position("hook") == 1)
        #expect(
            try folder.texts(
                """
                SELECT concat FROM (SELECT id || consumer || sequence || time || attempts || reason || exit_status
                || standard_error || received_at || connection || raw AS concat FROM dead_letters)
                """) == ["ahook193exit status 11no\n5kazoo-a" + String(decoding: batch[0].json, as: UTF8.self)])
        await journal.close()
    }

    @Test func `a dead letter does not move the cursor past what is unfinished, and is not handed out again`()
        async throws
    {
        let first = try await folder.open()
        let reader = try await first.reader("hook", from: .now)
        first.append(try calls(1...4))
        let batch = try #require(await reader.next(limit: 1 << 20))
        try await reader.bury(letter(batch[2], id: "a"))
        #expect(try position("hook") == 0)
        reader.acknowledge(through: 1)
        await first.close()

        let second = try await folder.open()
        let again = try await second.reader("hook", from: .now)
        #expect(await again.next(limit: 1 << 20)?.numbers == [2, 4])
        again.acknowledge(through: 2)
        try await eventually("the letter is done with") { try position("hook") == 3 }
        await second.close()
    }

    @Test func `one letter for an event and a consumer`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("hook", from: .now)
        journal.append(try calls(1...1))
        let batch = try #require(await reader.next(limit: 1 << 20))
        for id in ["a", "b"] { try await reader.bury(letter(batch[0], id: id)) }
        try await journal.reader("other", from: .beginning).bury(letter(batch[0], "other", id: "c"))
        #expect(try folder.texts("SELECT id FROM dead_letters ORDER BY id") == ["a", "c"])
        await journal.close()
    }

    @Test func `a consumer that is forgotten begins anew`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...2))
        let reader = try await journal.reader("archive", from: .now)
        #expect(reader.lag == 0)
        try await journal.forget("archive")
        #expect(try position("archive") == nil)
        let again = try await journal.reader("archive", from: .beginning)
        #expect(again.lag == 2)
        await journal.close()
    }
}
