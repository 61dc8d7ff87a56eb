import Events

/// Reads from the journal's tables for all consumers, on a thread of its own.
///
/// Each answer is one short read transaction, so that the write-ahead log can begin anew between them. Reading is many
/// times faster than what consumers do with events; one connection for all has one cache for all.
actor EventArchive {
    private let path: String
    private let thread: ReadingThread
    private var connection: Connection?

    private struct Connection {
        let generation: Int
        let database: Database
        let pages: EventPages
        let selectGap: Statement
    }

    init(path: String, thread: ReadingThread) {
        self.path = path
        self.thread = thread
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Lets go of the file.
    func close() { connection = nil }

    /// The lines behind a position.
    ///
    /// - Parameters:
    ///   - position: the number of the last line before them.
    ///   - limit: the most, in bytes of text, unless one line alone is longer.
    ///   - generation: which of the files that stood at the path one after the other is meant.
    /// - Returns: no lines when there are none.
    func lines(after position: UInt64, limit: Int, generation: Int) throws(JournalError) -> EventBatch {
        try connect(generation).pages.lines(after: position, limit: limit)
    }

    /// The gap of one consumer that ends at a position or behind it: it has not got beyond that.
    func gap(of consumer: String, from position: UInt64, generation: Int) throws(JournalError) -> ConsumerGap? {
        let select = try connect(generation).selectGap
        defer { select.reset() }
        try select.bind(consumer, at: 1)
        select.bind(Int64(position), at: 2)
        guard try select.step() else { return nil }
        let gap = JournalGap(
            from: Timestamp(microseconds: select.integer(at: 1)), to: Timestamp(microseconds: select.integer(at: 2)),
            reason: select.text(at: 3) ?? "", events: select.optionalInteger(at: 4).map { Int($0) }, consumer: consumer)
        return ConsumerGap(sequence: UInt64(select.integer(at: 0)), gap: gap)
    }

    private func connect(_ generation: Int) throws(JournalError) -> Connection {
        if let connection, connection.generation == generation { return connection }
        connection = nil
        let database = try Database.reading(path)
        let opened = Connection(
            generation: generation, database: database, pages: try EventPages(database),
            selectGap: try database.prepare(
                """
                SELECT sequence, from_time, to_time, reason, events FROM gaps
                WHERE consumer = ? AND sequence >= ? ORDER BY sequence DESC LIMIT 1
                """))
        connection = opened
        return opened
    }
}

/// A gap of one consumer, and where it stands.
struct ConsumerGap: Equatable, Sendable {
    /// The last event before which everything is missing.
    var sequence: UInt64
    var gap: JournalGap
}
