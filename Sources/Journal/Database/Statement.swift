import CSQLite

/// A prepared statement. It belongs to the thread of its connection, which it keeps open.
///
/// Parameters count from 1, columns from 0, as in SQLite.
final class Statement {
    private let database: Database
    private let handle: OpaquePointer

    init(_ text: String, of database: Database) throws(JournalError) {
        var handle: OpaquePointer?
        let status = sqlite3_prepare_v3(
            database.handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard status == SQLITE_OK else { throw database.failure(status) }
        guard let handle else { preconditionFailure("there is no statement in '\(text)'") }
        self.database = database
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Running

    /// Goes to the next row.
    ///
    /// - Returns: `false` when there is none; then the statement is ready to be run again.
    func step() throws(JournalError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            reset()
            return false
        case let code:
            let failure = database.failure(code)
            reset()
            throw failure
        }
    }

    /// Runs a statement that gives no rows.
    func run() throws(JournalError) {
        let hasRow = try step()
        precondition(!hasRow, "nobody looks at its rows")
    }

    /// Lets go of the row and of the locks that reading it took. Parameters keep their values.
    func reset() { sqlite3_reset(handle) }

    // MARK: Parameters

    /// Sets a parameter to an integer, or to NULL.
    func bind(_ value: Int64?, at index: Int32) {
        let status = value.map { sqlite3_bind_int64(handle, index, $0) } ?? sqlite3_bind_null(handle, index)
        precondition(status == SQLITE_OK, "there is no parameter \(index)")
    }

    /// Sets a parameter to a text, or to NULL.
    func bind(_ text: String?, at index: Int32) throws(JournalError) {
        guard var text else { return bind(nil as Int64?, at: index) }
        let status = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                kazoo_sqlite3_bind_copy(handle, index, $0.baseAddress, UInt64($0.count))
            }
        }
        guard status == SQLITE_OK else { throw database.failure(status) }
    }

    /// Sets a parameter to a text that is not copied.
    ///
    /// - Parameter text: UTF-8 that stays where it is until the statement has run; not empty.
    func bind(staying text: UnsafeRawBufferPointer, at index: Int32) throws(JournalError) {
        let status = kazoo_sqlite3_bind_static(
            handle, index, text.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(text.count))
        guard status == SQLITE_OK else { throw database.failure(status) }
    }

    // MARK: Columns

    /// The integer in a column; 0 for NULL.
    func integer(at column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// The integer in a column; `nil` for NULL.
    func optionalInteger(at column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
    }

    /// Whether there is an integer in a column.
    func isInteger(at column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_INTEGER }

    /// The text in a column; `nil` for NULL.
    func text(at column: Int32) -> String? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : String(decoding: bytes(at: column), as: UTF8.self)
    }

    /// The bytes of the text in a column; they are there until the statement goes on. None for NULL.
    func bytes(at column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_text(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }
}
