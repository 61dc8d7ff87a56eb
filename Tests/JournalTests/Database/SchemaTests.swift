import Glibc
import Testing

@testable import Journal

@Suite struct SchemaTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    @Test func `a new journal has what cannot be changed later`() throws {
        let database = try Database.writing(folder.journal, synchronizesCommits: true)
        #expect(try database.integer("PRAGMA auto_vacuum") == 2, "incremental")
        #expect(try database.integer("PRAGMA user_version") == Schema.version)
        #expect(try database.integer("PRAGMA application_id") == Schema.application)
        #expect(try database.integer("PRAGMA journal_mode = wal") != nil || folder.files.contains("journal.sqlite-wal"))
        #expect(try database.integer("PRAGMA synchronous") == 2, "full")
        #expect(try database.integer("PRAGMA mmap_size") ?? 0 == 0)
        let relaxed = try Database.writing(folder.journal, synchronizesCommits: false)
        #expect(try relaxed.integer("PRAGMA synchronous") == 1, "normal")
    }

    @Test func `only its owner reads it`() throws {
        _ = try Database.writing(folder.journal, synchronizesCommits: true)
        var status = stat()
        try #require(stat(folder.journal, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `what is there stays`() throws {
        try Database.writing(folder.journal, synchronizesCommits: true)
            .execute("INSERT INTO cursors VALUES ('archive', 7, 0)")
        let again = try Database.writing(folder.journal, synchronizesCommits: true)
        #expect(try again.integer("SELECT position FROM cursors") == 7)
        let reader = try Database.reading(folder.journal)
        #expect(try reader.integer("SELECT position FROM cursors") == 7)
    }

    @Test func `a journal of a later version is refused and not touched`() throws {
        let newer = Schema.version + 1
        try Database.writing(folder.journal, synchronizesCommits: true).execute("PRAGMA user_version = \(newer)")
        for open in [{ try Database.writing($0, synchronizesCommits: true) }, { try Database.reading($0) }] {
            let failure = #expect(throws: JournalError.self) { _ = try open(folder.journal) }
            #expect(failure?.kind == .newer)
            #expect(
                failure?.description
                    == "journal \(folder.journal): a later version of kazoo-subscribe made it (its tables have version "
                    + "\(newer), this program knows \(Schema.version)); install that version, or move the file away to "
                    + "begin a new journal")
        }
        #expect(try Database(path: folder.journal, .readOnly).integer("PRAGMA user_version") == newer)
    }

    @Test func `another program's database is refused and not touched`() throws {
        try Database(path: folder.journal, .readWrite).execute("CREATE TABLE bookmarks (url TEXT)")
        let failure = #expect(throws: JournalError.self) {
            _ = try Database.writing(folder.journal, synchronizesCommits: true)
        }
        #expect(failure?.kind == .unavailable)
        let other = try Database(path: folder.journal, .readOnly)
        #expect(try other.integer("SELECT count(*) FROM sqlite_schema") == 1)
        #expect(!folder.files.contains("journal.sqlite-wal"))
    }

    @Test func `the tables take only what they are for`() throws {
        let database = try Database.writing(folder.journal, synchronizesCommits: true)
        #expect(throws: JournalError.self) { try database.execute("INSERT INTO cursors VALUES ('a', 'seven', 0)") }
        #expect(throws: JournalError.self) { try database.execute("INSERT INTO cursors VALUES ('a', NULL, 0)") }
    }

    @Test func `a journal of an earlier version is brought up to date, with everything in it`() throws {
        let database = try Database(path: folder.journal, .readWrite)
        try database.transaction { () throws(JournalError) in
            try database.execute(Schema.migrations[0])
            try database.execute("PRAGMA application_id = \(Schema.application); PRAGMA user_version = 1")
            try database.execute("INSERT INTO cursors VALUES ('archive', 7, 0)")
        }
        let now = try Database.writing(folder.journal, synchronizesCommits: true)
        #expect(try now.integer("PRAGMA user_version") == Schema.version)
        #expect(try now.integer("SELECT position FROM cursors") == 7)
        #expect(try now.integer("SELECT count(*) FROM settled") == 0)
        #expect(try JournalBrowser(path: folder.journal).consumers().map(\.name) == ["archive"])
    }

    @Test func `commands read a journal of an earlier version without touching it`() throws {
        let database = try Database(path: folder.journal, .readWrite)
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute(Schema.migrations[0])
        try database.execute("PRAGMA application_id = \(Schema.application); PRAGMA user_version = 1")
        let browser = try JournalBrowser(path: folder.journal)
        #expect(try browser.range() == nil)
        #expect(try browser.consumers() == [])
        #expect(try browser.extent().version == 1)
        #expect(try database.integer("PRAGMA user_version") == 1)
    }
}
