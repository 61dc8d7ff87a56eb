import CSQLite

extension JournalError {
    /// What SQLite says about a database.
    ///
    /// - Parameters:
    ///   - code: an extended result code.
    ///   - path: the file.
    ///   - words: what SQLite says in addition; `nil` for what it always says about the code.
    init(code: Int32, path: String, words: String? = nil) {
        let general = String(cString: sqlite3_errstr(code))
        let words = words == nil || words == "not an error" ? general : words ?? general
        self.init(Kind(code: code), path: path, words)
    }
}

extension JournalError.Kind {
    /// The kind of an extended result code (sqlite.org/rescode.html); its low byte is the primary code.
    fileprivate init(code: Int32) {
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: self = .damaged
        case SQLITE_FULL: self = .full
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: self = .readOnly
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .locked
        case SQLITE_CANTOPEN: self = .unavailable
        // The index of the log lives in a file of its own, which a full disk keeps from growing.
        case SQLITE_IOERR where code == kazoo_sqlite3_ioerr_shmsize: self = .full
        case SQLITE_IOERR where code == kazoo_sqlite3_ioerr_corruptfs: self = .damaged
        case SQLITE_IOERR: self = .inputOutput
        case SQLITE_INTERRUPT: self = .interrupted
        default: self = .unexpected
        }
    }
}
