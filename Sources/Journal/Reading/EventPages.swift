import Events

/// Reads lines from the journal's tables, a portion at a time.
///
/// Each portion is one short read transaction, so that the write-ahead log can begin anew between them.
struct EventPages {
    private let select: Statement

    init(_ database: Database) throws(JournalError) {
        // The plus signs keep SQLite from looking them up by time, and sorting them by number afterwards.
        select = try database.prepare(
            """
            SELECT sequence, received_at, kind, connection, raw FROM events
            WHERE sequence > ? AND sequence <= ? AND +received_at >= ? AND +received_at < ? ORDER BY sequence
            """)
    }

    /// The lines behind a position.
    ///
    /// - Parameters:
    ///   - position: the number of the last line before them.
    ///   - range: among which lines; `nil` for all.
    ///   - limit: the most, in bytes of text, unless one line alone is longer.
    /// - Returns: no lines when there are none.
    func lines(after position: UInt64, in range: JournalRange? = nil, limit: Int) throws(JournalError) -> EventBatch {
        defer { select.reset() }
        select.bind(Int64(position), at: 1)
        select.bind(range.map { Int64($0.sequences.upperBound) } ?? .max, at: 2)
        select.bind(range?.since?.microseconds ?? .min, at: 3)
        select.bind(range?.until?.microseconds ?? .max, at: 4)
        var batch = EventBatch(firstSequence: position + 1)
        var connection = ""
        while try select.step() {
            let text = select.bytes(at: 4)
            guard batch.isEmpty || batch.bytes.count + text.count < limit else { break }
            // Nearly always that of the line before.
            let name = select.bytes(at: 3)
            if !name.elementsEqual(connection.utf8) { connection = String(decoding: name, as: UTF8.self) }
            let isTaken = batch.append(
                kept: text, kind: (LineKind(rawValue: select.integer(at: 2)) ?? .event).kind,
                sequence: UInt64(select.integer(at: 0)),
                receivedAt: Timestamp(microseconds: select.integer(at: 1)), connection: connection)
            guard isTaken else { break }
        }
        return batch
    }
}
