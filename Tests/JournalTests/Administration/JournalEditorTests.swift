import Events
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(10))) struct JournalEditorTests {
    private let folder: JournalFolder
    private static let day: Int64 = 86_400_000_000

    init() throws { folder = try JournalFolder() }

    // MARK: Dead letters

    @Test func `a letter that was taken out is not delivered again, although the cursor is before it`() async throws {
        var journal = try await folder.open()
        journal.append(try calls(1...3))
        var reader = try await journal.reader("users", from: .beginning)
        _ = try #require(await reader.next(limit: 1 << 20))
        // The first is still being tried when the others are given up.
        try await reader.bury(letter(to: 2, in: try calls(2...2), id: "two"))
        try await reader.bury(letter(to: 3, in: try calls(3...3), id: "three"))
        #expect(try JournalEditor(path: folder.journal).takeOut(letters: ["two", "nobody"]) == ["two"])
        await journal.close()

        journal = try await folder.open()
        journal.append(try calls(4...4))
        try await journal.flush()
        reader = try await journal.reader("users", from: .beginning)
        #expect(await reader.next(limit: 1 << 20)?.numbers == [1, 4])
        reader.acknowledge(through: 4)
        await journal.close()

        journal = try await folder.open()
        _ = try await journal.reader("users", from: .beginning)
        #expect(try folder.integer("SELECT count(*) FROM settled") == 0, "the cursor has passed it")
        #expect(try folder.texts("SELECT id FROM dead_letters") == ["three"])
        await journal.close()
    }

    @Test func `letters of others stay`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...1))
        for consumer in ["a", "b"] {
            let reader = try await journal.reader(consumer, from: .beginning)
            _ = try #require(await reader.next(limit: 1 << 20))
            try await reader.bury(letter(to: 1, in: try calls(1...1), consumer: consumer, id: "of \(consumer)"))
        }
        let editor = try JournalEditor(path: folder.journal)
        #expect(try editor.takeOut(letters: ["of a", "of b"], of: "a") == ["of a"])
        #expect(try folder.texts("SELECT id FROM dead_letters") == ["of b"])
        await journal.close()
    }

    // MARK: Pruning

    private static let now = Timestamp(microseconds: 100 * day)

    /// Calls 1 to 9, one a day, and one consumer that has read some of them.
    private func nineDays(readUpTo position: UInt64) async throws {
        let journal = try await folder.open()
        for number in 1...9 { journal.append(try calls(number...number, at: (90 + Int64(number)) * Self.day)) }
        let reader = try await journal.reader("archive", from: .beginning)
        _ = try #require(await reader.next(limit: 1 << 20))
        reader.acknowledge(through: position)
        await journal.close()
    }

    private func remaining() throws -> [String?] { try folder.texts("SELECT sequence FROM events ORDER BY sequence") }

    @Test func `what nobody has read stays, unless it is given up`() async throws {
        try await nineDays(readUpTo: 2)
        let editor = try JournalEditor(path: folder.journal)
        // Five days: calls 1 to 4 are older.
        let retention = Retention(age: .seconds(5 * 86_400))
        #expect(try editor.prunable(retention, sparesUnread: true, now: Self.now) == 2)
        #expect(try editor.prunable(retention, sparesUnread: false, now: Self.now) == 4)
        let careful = try editor.prune(retention, sparesUnread: true, now: Self.now)
        #expect(careful == JournalEditor.PruneStep(removed: 2, gaps: [], hasMore: false))
        let forced = try editor.prune(retention, sparesUnread: false, now: Self.now)
        #expect(forced.removed == 2)
        #expect(forced.gaps.map(\.consumer) == ["archive"])
        #expect(forced.gaps.map(\.events) == [2])
        #expect(try remaining() == ["5", "6", "7", "8", "9"])
        #expect(try folder.integer("SELECT position FROM cursors") == 4)
        #expect(try editor.prune(retention, sparesUnread: false, now: Self.now).removed == 0)
    }

    @Test func `much goes in steps`() async throws {
        try await nineDays(readUpTo: 9)
        let editor = try JournalEditor(path: folder.journal)
        let retention = Retention(count: 2)
        #expect(try editor.prune(retention, sparesUnread: true, now: Self.now, limit: 5).hasMore)
        #expect(try editor.prune(retention, sparesUnread: true, now: Self.now, limit: 5).hasMore == false)
        #expect(try remaining() == ["8", "9"])
    }

    @Test func `a running daemon reads on, and hears what was taken from it`() async throws {
        let told = Told()
        let journal = try await folder.open(told: told)
        journal.append(try calls(1...6))
        let reader = try await journal.reader("slow", from: .beginning)
        let editor = try JournalEditor(path: folder.journal)
        _ = try editor.prune(Retention(count: 2), sparesUnread: false, now: .now)
        #expect(await reader.next(limit: 1 << 20)?.numbers == [-1], "a gap")
        #expect(await reader.next(limit: 1 << 20)?.numbers == [5, 6])
        journal.append(try calls(7...7))
        #expect(await reader.next(limit: 1 << 20)?.numbers == [7])
        #expect(told.all == [], "nothing is taken for damage")
        await journal.close()
    }

    @Test func `gaps go with the events that they stand between`() async throws {
        let journal = try await folder.open()
        func gap(_ reason: String) -> JournalGap { JournalGap(from: .now, to: .now, reason: reason) }
        journal.append(try calls(1...2))
        journal.record(gap("early"))
        journal.append(try calls(3...4))
        journal.record(gap("late"))
        journal.append(try calls(5...5))
        await journal.close()
        _ = try JournalEditor(path: folder.journal).prune(Retention(count: 2), sparesUnread: true, now: .now)
        #expect(try folder.texts("SELECT reason FROM gaps") == ["late"])
    }

    // MARK: Space

    @Test func `space is given back where no daemon does`() async throws {
        let journal = try await folder.open()
        for number in 1...40 { journal.append(try calls(number...number, length: 100_000)) }
        try await journal.flush()
        let editor = try JournalEditor(path: folder.journal)
        #expect(try !editor.giveBackSpace { _, _ in }, "the daemon does so by itself")
        await journal.close()
        _ = try editor.prune(Retention(count: 1), sparesUnread: true, now: .now)
        let before = try JournalBrowser(path: folder.journal).extent()
        #expect(before.free > 2_000_000)
        var steps: [Int] = []
        let isGiven = try editor.giveBackSpace { left, all in steps += [left, all] }
        #expect(isGiven)
        #expect(steps.prefix(2) == [before.free, before.free])
        let after = try JournalBrowser(path: folder.journal).extent()
        #expect(after.free == 0)
        #expect(after.size <= before.size - before.free)
        #expect(JournalFiles(path: folder.journal).size == after.size)
    }
}
