import Glibc

extension Database {
    /// Opens a journal to write it; creates it where there is none.
    ///
    /// - Parameter synchronizesCommits: whether a commit is on the disk when it returns; otherwise whoever commits calls
    ///   ``synchronizeLog()`` now and then. Either way a crash of the program loses nothing.
    static func writing(_ path: String, synchronizesCommits: Bool) throws(JournalError) -> Database {
        try createPrivately(path)
        let database = try Database(path: path, .readWrite)
        try Schema.check(database)
        try database.execute(formatting)
        try database.execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = \(synchronizesCommits ? "FULL" : "NORMAL");
            PRAGMA cache_size = -\(writerCacheKilobytes);
            PRAGMA journal_size_limit = \(idleLogSize);
            """)
        try forbidMapping(database)
        try Schema.migrate(database)
        return database
    }

    /// Opens a journal that is there to change some of it, beside the process that writes it, or when there is none.
    static func editing(_ path: String) throws(JournalError) -> Database {
        let database = try Database(path: path, .change)
        try database.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -\(readerCacheKilobytes)")
        try forbidMapping(database)
        try Schema.migrate(database)
        return database
    }

    /// Creates a journal that is filled before it comes to its place: nothing of it is safe until then.
    static func drafting(_ path: String) throws(JournalError) -> Database {
        try createPrivately(path)
        let database = try Database(path: path, .readWrite)
        try database.execute(formatting)
        try database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        try Schema.migrate(database)
        return database
    }

    /// Opens a damaged journal, to read what can be read of it.
    static func salvaging(_ path: String) throws(JournalError) -> Database {
        let database = try Database(path: path, .readOnly)
        // Without this SQLite reads nothing at all of a file that is shorter than it should be.
        try database.execute("PRAGMA writable_schema = ON")
        try forbidMapping(database)
        guard try database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'events'") == 1 else {
            throw JournalError(.damaged, path: path, "its tables are gone")
        }
        return database
    }

    /// Only effective before there are tables. Larger pages would hold events with less waste, but a page of the index of
    /// ids is written for nearly every event.
    private static let formatting = "PRAGMA page_size = \(pageSize); PRAGMA auto_vacuum = INCREMENTAL"
    /// In bytes.
    static let pageSize = 4096

    /// Opens a journal that another connection writes, to read it.
    static func reading(_ path: String) throws(JournalError) -> Database {
        let database = try Database(path: path, .readOnly)
        try database.execute("PRAGMA cache_size = -\(readerCacheKilobytes)")
        try forbidMapping(database)
        try Schema.check(database)
        return database
    }

    private static let writerCacheKilobytes = 32_768
    private static let readerCacheKilobytes = 8_192
    /// To what the file of the log is cut when it begins anew, in bytes.
    private static let idleLogSize = 64 << 20

    /// A file that is mapped into memory and then truncated by somebody ends the process that reads it (SIGBUS).
    private static func forbidMapping(_ database: Database) throws(JournalError) {
        try database.execute("PRAGMA mmap_size = 0")
    }

    /// Events hold what nobody else is to read: names, numbers, addresses.
    private static func createPrivately(_ path: String) throws(JournalError) {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file < 0 else {
            close(file)
            return
        }
        // What else may be wrong shows when SQLite opens it.
        guard errno == EEXIST || errno == EACCES || errno == EROFS else {
            let kind: JournalError.Kind = errno == ENOSPC ? .full : .unavailable
            throw JournalError(kind, path: path, String(cString: strerror(errno)))
        }
    }
}
