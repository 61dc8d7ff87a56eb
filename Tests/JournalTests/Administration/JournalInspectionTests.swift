import Events
import Glibc
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(10))) struct JournalInspectionTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    private func recorded(_ change: String = "") async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...2000, length: 500))
        var odd = EventBatch()
        Array("no JSON".utf8).withUnsafeBytes { odd.append(invalid: $0) }
        journal.append(odd)
        journal.record(JournalGap(from: .now, to: .now, reason: "connection_lost"))
        let reader = try await journal.reader("users", from: .beginning)
        _ = try #require(await reader.next(limit: 1 << 10))
        try await reader.bury(letter(to: 1, in: try calls(1...1)))
        await journal.close()
        try Database.writing(folder.journal, synchronizesCommits: false).execute(change)
    }

    /// What is wrong, by the part.
    private func faults() throws -> [String: [String]] {
        let inspection = JournalInspection(try JournalBrowser(path: folder.journal)) { _, _ in true }
        return try JournalInspection.Part.allCases.reduce(into: [:]) { faults, part in
            let found = try inspection.inspect(part).faults
            if !found.isEmpty { faults[part.rawValue] = found }
        }
    }

    @Test func `nothing is wrong with a journal as it is written`() async throws {
        try await recorded()
        #expect(try faults() == [:])
        let inspection = JournalInspection(try JournalBrowser(path: folder.journal)) { _, fraction in
            #expect((0...1).contains(fraction))
            return true
        }
        #expect(try inspection.inspect(.events).amount == 2002)
        #expect(try inspection.inspect(.cursors).amount == 1)
        #expect(try inspection.inspect(.letters).amount == 1)
        #expect(try inspection.inspect(.file).amount == folder.integer("PRAGMA page_count").map { Int($0) * 4096 })
    }

    @Test(arguments: [
        (
            "UPDATE events SET raw = substr(raw, 2) WHERE sequence = 7", "events",
            "event 7: its text is no JSON"
        ),
        ("UPDATE events SET id = 'another' WHERE sequence = 7", "events", "event 7: its id is not that of its text"),
        ("UPDATE events SET kind = 9 WHERE sequence = 7", "events", "event 7: its kind is 9"),
        (
            "DELETE FROM events WHERE sequence IN (7, 8)", "events",
            "no event has the numbers 7 to 8, and no gap says why"
        ),
        (
            "UPDATE cursors SET position = 5000", "cursors",
            "users is at 5000, but no number beyond 2002 was ever given"
        ),
        (
            "UPDATE counters SET value = 2000", "cursors",
            "there is an event 2002, but no number beyond 2000 was ever given"
        ),
        ("UPDATE dead_letters SET raw = '{'", "dead letters", "the event of letter is no JSON"),
    ])
    func `what stands in it is judged`(_ change: String, _ part: String, _ fault: String) async throws {
        try await recorded(change)
        #expect(try faults() == [part: [fault]])
    }

    @Test func `a gap explains numbers that are missing`() async throws {
        try await recorded("DELETE FROM events WHERE sequence IN (7, 8); UPDATE gaps SET sequence = 6")
        #expect(try faults() == [:])
    }

    @Test func `an overwritten page is found, and where events cannot be read it is said`() async throws {
        try await recorded()
        let pages = try #require(try folder.integer("PRAGMA page_count"))
        let file = open(folder.journal, O_WRONLY)
        let garbage = [UInt8](repeating: 0xA5, count: 4096)
        for page in 20..<min(60, pages) { pwrite(file, garbage, garbage.count, Int(page) * 4096) }
        close(file)
        let inspection = JournalInspection(try JournalBrowser(path: folder.journal)) { _, _ in true }
        #expect(try !inspection.inspect(.file).faults.isEmpty)
        let faults = try inspection.inspect(.events).faults
        #expect(faults.last == "it cannot be read on: database disk image is malformed")
    }

    @Test func `whoever watches can end it`() async throws {
        try await recorded()
        let inspection = JournalInspection(try JournalBrowser(path: folder.journal)) { _, _ in false }
        for part in [JournalInspection.Part.file, .events, .letters] {
            let error = #expect(throws: JournalError.self) { _ = try inspection.inspect(part) }
            #expect(error?.kind == .interrupted, "\(part)")
        }
    }
}
