import Glibc
import Testing
import Threads

@testable import Journal

@Suite struct DatabaseTests {
    private let folder: JournalFolder
    private let database: Database

    init() throws {
        folder = try JournalFolder()
        database = try Database(path: folder.journal, .readWrite)
        try database.execute("CREATE TABLE words (number INTEGER PRIMARY KEY, word TEXT UNIQUE) STRICT")
    }

    @Test func `values come back as they went in`() throws {
        let insert = try database.prepare("INSERT INTO words VALUES (?, ?)")
        for (number, word) in [(1, "fax"), (2, ""), (Int64.max, "Grüße \u{1F4DE}"), (-4, nil)] {
            insert.bind(number, at: 1)
            try insert.bind(word, at: 2)
            try insert.run()
            #expect(database.changes == 1)
        }
        let select = try database.prepare("SELECT number, word FROM words ORDER BY number")
        var rows: [(Int64, String?)] = []
        while try select.step() { rows.append((select.integer(at: 0), select.text(at: 1))) }
        #expect(rows.map(\.0) == [-4, 1, 2, .max])
        #expect(rows.map(\.1) == [nil, "fax", "", "Grüße \u{1F4DE}"])
        #expect(try database.integer("SELECT min(number) FROM words") == -4)
        #expect(try database.integer("SELECT number FROM words WHERE word = 'no'") == nil)
        #expect(try database.integer("SELECT NULL") == nil)
    }

    @Test func `text that stays is not copied, and comes back byte for byte`() throws {
        let insert = try database.prepare("INSERT INTO words VALUES (1, ?)")
        try Array(#"{"a":"ü"}"#.utf8).withUnsafeBytes {
            try insert.bind(staying: $0, at: 1)
            try insert.run()
        }
        let select = try database.prepare("SELECT word FROM words")
        #expect(try select.step())
        #expect(Array(select.bytes(at: 0)) == Array(#"{"a":"ü"}"#.utf8))
        #expect(try !select.step())
    }

    @Test func `a transaction is all or nothing`() throws {
        try database.transaction { () throws(JournalError) in try database.execute("INSERT INTO words VALUES (1, 'a')")
        }
        #expect(throws: JournalError.self) {
            try database.transaction { () throws(JournalError) in
                try database.execute("INSERT INTO words VALUES (2, 'b')")
                try database.execute("INSERT INTO words VALUES (3, 'a')")
            }
        }
        #expect(try database.integer("SELECT count(*) FROM words") == 1)
        // The next one begins as if nothing had happened.
        try database.transaction { () throws(JournalError) in try database.execute("INSERT INTO words VALUES (2, 'b')")
        }
        #expect(try database.integer("SELECT count(*) FROM words") == 2)
    }

    @Test func `a statement that failed can be run again`() throws {
        let insert = try database.prepare("INSERT INTO words VALUES (?, 'a')")
        insert.bind(1, at: 1)
        try insert.run()
        insert.bind(2, at: 1)
        let failure = #expect(throws: JournalError.self) { try insert.run() }
        #expect(failure?.reason == "UNIQUE constraint failed: words.word")
        try database.execute("DELETE FROM words")
        try insert.run()
        #expect(try database.integer("SELECT number FROM words") == 2)
    }

    @Test func `errors tell the path, what happened and what to do`() throws {
        let missing = #expect(throws: JournalError.self) {
            try Database(path: "/nowhere/journal.sqlite", .readWrite)
        }
        #expect(missing?.kind == .unavailable)
        #expect(
            missing?.description
                == "journal /nowhere/journal.sqlite: unable to open database file; the directory must exist, and the user "
                + "that runs the program must be allowed to write to it")
        let second = try Database(path: folder.journal, .readWrite, lockTimeout: 1)
        try database.execute("BEGIN IMMEDIATE")
        let locked = #expect(throws: JournalError.self) { try second.execute("BEGIN IMMEDIATE") }
        #expect(locked?.kind == .locked)
        #expect(locked?.reason == "database is locked")
        let reader = try Database(path: folder.journal, .readOnly)
        #expect(throws: JournalError(.readOnly, path: folder.journal, "attempt to write a readonly database")) {
            try reader.execute("DELETE FROM words")
        }
    }

    @Test func `a file that is no database is damaged`() throws {
        try folder.write("other", String(repeating: "This is a letter to my mother. ", count: 200))
        let failure = #expect(throws: JournalError.self) {
            try Database(path: "\(folder.path)/other", .readWrite).integer("PRAGMA user_version")
        }
        #expect(failure?.kind == .damaged)
        #expect(failure?.reason == "file is not a database")
    }

    @Test func `the file that is deleted is noticed`() throws {
        #expect(!database.isMoved)
        remove(folder.journal)
        #expect(database.isMoved)
    }

    @Test func `the log begins anew when those who read it are done`() async throws {
        try database.execute("PRAGMA journal_mode = WAL")
        let insert = try database.prepare("INSERT INTO words VALUES (NULL, NULL)")
        for _ in 1...10 { try insert.run() }
        let reading = try Database(path: folder.journal, .readOnly).prepare("SELECT number FROM words")
        #expect(try reading.step())
        #expect(try database.checkpoint() == 0, "what is read is the newest, and can be moved")
        #expect(try !database.restartLog(within: .milliseconds(1)))
        try insert.run()
        #expect(database.logPages > 10)
        reading.reset()
        #expect(try database.restartLog(within: .milliseconds(1)))
        try insert.run()
        #expect(database.logPages < 10)
    }

    @Test func `those who read the log are waited for`() async throws {
        let path = folder.journal
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("INSERT INTO words VALUES (1, 'a')")
        let reading = try Database(path: path, .readOnly).prepare("SELECT number FROM words")
        #expect(try reading.step())
        async let isRestarted = BlockingThread.run("restart") {
            Result { try Database(path: path, .readWrite).restartLog(within: .seconds(60)) }
        }
        reading.reset()
        #expect(try await isRestarted.get())
    }
}
