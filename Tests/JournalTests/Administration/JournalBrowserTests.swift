import Events
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(10))) struct JournalBrowserTests {
    private let folder: JournalFolder
    private static let second: Int64 = 1_000_000

    init() throws { folder = try JournalFolder() }

    /// A journal with calls 1 to 9, one a second, that is closed again.
    private func recorded() async throws {
        let journal = try await folder.open()
        for number in 1...9 { journal.append(try calls(number...number, at: Int64(number) * Self.second)) }
        await journal.close()
    }

    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * Self.second) }

    private func numbers(of browser: JournalBrowser, in range: JournalRange?, limit: Int = 1 << 20) throws -> [Int] {
        guard let range else { return [] }
        var (numbers, position) = ([Int](), UInt64(0))
        while case let batch = try browser.lines(after: position, in: range, limit: limit), let last = batch.last {
            numbers += batch.numbers
            position = last.sequence
        }
        return numbers
    }

    @Test func `an interval holds its first moment and not its last`() async throws {
        try await recorded()
        let browser = try JournalBrowser(path: folder.journal)
        #expect(try numbers(of: browser, in: browser.range()) == Array(1...9))
        #expect(try numbers(of: browser, in: browser.range(since: moment(3), until: moment(6))) == [3, 4, 5])
        #expect(try numbers(of: browser, in: browser.range(since: moment(8))) == [8, 9])
        #expect(try numbers(of: browser, in: browser.range(until: moment(2)), limit: 1) == [1])
        #expect(try browser.range(since: moment(10)) == nil)
        #expect(try browser.range(since: moment(3), until: moment(3)) == nil)
    }

    @Test func `an interval is not a row of numbers where the clock was set back`() async throws {
        let journal = try await folder.open()
        for (number, time) in [(1, 10), (2, 20), (3, 12), (4, 30)] as [(Int, Int64)] {
            journal.append(try calls(number...number, at: time * Self.second))
        }
        await journal.close()
        let browser = try JournalBrowser(path: folder.journal)
        #expect(try numbers(of: browser, in: browser.range(since: moment(10), until: moment(15))) == [1, 3])
    }

    @Test func `what comes while it is read is not in it`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...3))
        try await journal.flush()
        let browser = try JournalBrowser(path: folder.journal)
        let range = try #require(try browser.range())
        journal.append(try calls(4...6))
        try await journal.flush()
        #expect(try numbers(of: browser, in: range) == [1, 2, 3])
        #expect(range.fraction(at: 0) == 0)
        #expect(range.fraction(at: 3) == 1)
        await journal.close()
    }

    @Test func `the last lines are counted from the end`() async throws {
        try await recorded()
        let browser = try JournalBrowser(path: folder.journal)
        #expect(try browser.start(ofLast: 1, through: 9) == 9)
        #expect(try browser.start(ofLast: 4, through: 7) == 4)
        #expect(try browser.start(ofLast: 100, through: 9) == 1)
    }

    @Test func `consumers stand where they are not done`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...5, at: 7 * Self.second))
        let reader = try await journal.reader("archive", from: .beginning)
        try await journal.enrol("late", from: .now)
        _ = try #require(await reader.next(limit: 1 << 20))
        reader.acknowledge(through: 2)
        try await reader.bury(letter(to: 5, in: try calls(5...5), consumer: "archive"))
        try await eventually("the cursor is committed") {
            try folder.integer("SELECT position FROM cursors WHERE consumer = 'archive'") == 2
        }
        let consumers = try JournalBrowser(path: folder.journal).consumers()
        #expect(consumers.map(\.name) == ["archive", "late"])
        #expect(consumers.map(\.position) == [2, 5])
        #expect(consumers.map(\.behind) == [3, 0])
        #expect(consumers.map(\.oldest) == [moment(7), nil])
        #expect(consumers.map(\.letters) == [1, 0])
        await journal.close()
    }

    @Test func `gaps are those that touch the interval`() async throws {
        let journal = try await folder.open()
        for start in [10, 20, 30] as [Int64] {
            journal.record(JournalGap(from: moment(start), to: moment(start + 5), reason: "reason\(start)", events: 3))
        }
        await journal.close()
        let browser = try JournalBrowser(path: folder.journal)
        func reasons(_ since: Int64?, _ until: Int64?) throws -> [String] {
            try browser.gaps(since: since.map(moment), until: until.map(moment)).map(\.reason)
        }
        #expect(try reasons(nil, nil) == ["reason10", "reason20", "reason30"])
        #expect(try reasons(22, 30) == ["reason20"])
        #expect(try reasons(26, 30) == [])
    }

    @Test func `letters are read whole`() async throws {
        let journal = try await folder.open()
        let event = try calls(5...5, at: 7 * Self.second)
        journal.append(event)
        let reader = try await journal.reader("users", from: .beginning)
        _ = try #require(await reader.next(limit: 1 << 20))
        let kept = letter(to: 1, in: event)
        try await reader.bury(kept)
        await journal.close()
        let browser = try JournalBrowser(path: folder.journal)
        var letters: [JournalLetter] = []
        try browser.forEachLetter(of: "users") {
            letters.append($0)
            return true
        }
        #expect(letters == [kept])
        #expect(try browser.consumersWithLetters() == ["users"])
        try browser.forEachLetter(of: "somebody") { _ in
            Issue.record("somebody has no letters")
            return true
        }
    }

    @Test func `there may be no journal, or something else`() throws {
        #expect(throws: JournalError.self) { try JournalBrowser(path: folder.journal) }
        do { _ = try JournalBrowser(path: folder.journal) } catch { #expect(error.kind == .missing) }
        do { _ = try JournalEditor(path: folder.journal) } catch { #expect(error.kind == .missing) }
        #expect(folder.files == [], "nothing is made")
        try folder.write("journal.sqlite", String(repeating: "this is no database at all\n", count: 100))
        do { _ = try JournalBrowser(path: folder.journal) } catch { #expect(error.kind == .damaged) }
    }
}
