import CSQLite

/// A connection to an SQLite database.
///
/// It belongs to one thread, as everything that is prepared with it does: SQLite is opened without locks of its own.
final class Database {
    /// What may be done with it.
    enum Access {
        case readWrite
        /// The same, but it must be there.
        case change
        case readOnly
    }

    /// The file.
    let path: String
    fileprivate(set) var handle: OpaquePointer
    /// How many pages stood in the write-ahead log after the last commit of this connection, moved into the database or
    /// not.
    private(set) var logPages = 0

    /// How long to wait for a lock that another connection holds, in milliseconds.
    static let lockTimeout: Int32 = 2_000

    /// Opens a database; creates it where it is to be written and is not there.
    init(path: String, _ access: Access, lockTimeout: Int32 = Database.lockTimeout) throws(JournalError) {
        let access =
            switch access {
            case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .change: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        var handle: OpaquePointer?
        let status = sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let handle, status == SQLITE_OK else {
            let words = handle.map { String(cString: sqlite3_errmsg($0)) }
            sqlite3_close_v2(handle)
            throw JournalError(code: status, path: path, words: words)
        }
        self.path = path
        self.handle = handle
        sqlite3_busy_timeout(handle, lockTimeout)
        // In the place of SQLite's own hook, which would move the log into the database whenever it saw fit.
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                if let context { Unmanaged<Database>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages) }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    // Statements that are left hold the connection open until they are gone, too.
    deinit { sqlite3_close_v2(handle) }

    /// What went wrong last, as an error.
    func failure(_ code: Int32) -> JournalError {
        JournalError(code: code, path: path, words: String(cString: sqlite3_errmsg(handle)))
    }

    // MARK: Statements

    /// Executes statements that give no rows, or whose rows nobody wants.
    func execute(_ text: String) throws(JournalError) {
        let status = sqlite3_exec(handle, text, nil, nil, nil)
        guard status == SQLITE_OK else { throw failure(status) }
    }

    /// Prepares one statement, to be used again and again.
    func prepare(_ text: String) throws(JournalError) -> Statement {
        try Statement(text, of: self)
    }

    /// The integer in the first column of a statement's first row; `nil` where there is no row, or NULL in it.
    func integer(_ text: String) throws(JournalError) -> Int64? {
        let statement = try prepare(text)
        return try statement.step() ? statement.optionalInteger(at: 0) : nil
    }

    /// How many rows the last statement inserted, changed or deleted.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    // MARK: Transactions

    /// Does everything in `body`, or nothing of it.
    ///
    /// The transaction takes the lock of the writer at once, so that it does not fail halfway for want of it.
    func transaction<Result>(_ body: () throws(JournalError) -> Result) throws(JournalError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do throws(JournalError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // After a full disk and the like SQLite has rolled back by itself. The first error is the one to tell.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    // MARK: The write-ahead log

    /// Moves what stands in the log into the database, as far as readers allow, without waiting for anybody.
    ///
    /// - Returns: how many pages stand in the log that are not moved, because readers still need it as it is; `nil` when
    ///   another connection is doing the same.
    @discardableResult
    func checkpoint() throws(JournalError) -> Int? {
        var (pages, moved): (Int32, Int32) = (0, 0)
        let status = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved)
        if status & 0xFF == SQLITE_BUSY { return nil }
        guard status == SQLITE_OK else { throw failure(status) }
        return Int(pages - moved)
    }

    /// Moves all of the log into the database, and waits for those who read the log, so that the next commit begins it anew.
    ///
    /// - Parameter limit: how long to wait. Nobody can commit meanwhile.
    /// - Returns: whether it will begin anew.
    func restartLog(within limit: Duration) throws(JournalError) -> Bool {
        sqlite3_busy_timeout(handle, Int32(limit / .milliseconds(1)))
        defer { sqlite3_busy_timeout(handle, Self.lockTimeout) }
        let status = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
        if status & 0xFF == SQLITE_BUSY { return false }
        guard status == SQLITE_OK else { throw failure(status) }
        return true
    }

    /// Makes what was committed reach the disk.
    func synchronizeLog() throws(JournalError) {
        let status = kazoo_sqlite3_synchronize_log(handle)
        guard status == SQLITE_OK else { throw JournalError(code: status, path: path) }
    }

    // MARK: Long work

    /// How many pages have been read from the file.
    var cacheMisses: Int {
        var (now, peak): (Int32, Int32) = (0, 0)
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_MISS, &now, &peak, 0)
        return Int(now)
    }

    /// Does something long while somebody watches.
    ///
    /// - Parameter goesOn: called again and again from within, many times a second; `false` ends the work with
    ///   ``JournalError/Kind/interrupted``.
    func watching<Result>(
        _ goesOn: @escaping () -> Bool, during body: () throws(JournalError) -> Result
    ) throws(JournalError) -> Result {
        let watcher = Watcher(goesOn)
        sqlite3_progress_handler(
            handle, 10_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Watcher>.fromOpaque(context).takeUnretainedValue().goesOn() ? 0 : 1
            }, Unmanaged.passUnretained(watcher).toOpaque())
        defer { withExtendedLifetime(watcher) { sqlite3_progress_handler(handle, 0, nil, nil) } }
        return try body()
    }

    private final class Watcher {
        let goesOn: () -> Bool
        init(_ goesOn: @escaping () -> Bool) { self.goesOn = goesOn }
    }

    // MARK: The file

    /// Copies everything to another database, page by page.
    func copy(to target: Database) throws(JournalError) {
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw target.failure(sqlite3_extended_errcode(target.handle))
        }
        sqlite3_backup_step(backup, -1)
        let status = sqlite3_backup_finish(backup)
        guard status == SQLITE_OK else { throw target.failure(status) }
    }

    /// How many pages the file has, how many of them are free, and the size of one in bytes.
    func pages() throws(JournalError) -> (total: Int, free: Int, size: Int) {
        (
            Int(try integer("PRAGMA page_count") ?? 0),
            Int(try integer("PRAGMA freelist_count") ?? 0),
            Int(try integer("PRAGMA page_size") ?? 0)
        )
    }

    /// Whether the file is no longer at its path.
    var isMoved: Bool {
        var isMoved: Int32 = 0
        let status = sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &isMoved)
        return status == SQLITE_OK && isMoved != 0
    }
}
