public import Events
import Glibc

/// A journal as a command sees it, while the daemon writes it or when nobody does: it only reads.
///
/// Each answer is one short read transaction, so that the write-ahead log can begin anew in between, however long a
/// command takes. It belongs to one thread at a time.
public final class JournalBrowser {
    /// The journal's file.
    public let path: String
    let database: Database
    private let pages: EventPages
    private let selectLetters: Statement

    /// Opens a journal.
    ///
    /// - Throws: why it cannot be read; ``JournalError/Kind/missing`` where there is none.
    public init(path: String) throws(JournalError) {
        try Self.checkIsThere(path)
        self.path = path
        database = try Database.reading(path)
        pages = try EventPages(database)
        selectLetters = try database.prepare(
            """
            SELECT number, id, consumer, sequence, time, attempts, reason, exit_status, standard_error, received_at,
                connection, raw
            FROM dead_letters WHERE number > ?1 AND (?2 IS NULL OR consumer = ?2) ORDER BY number LIMIT 1
            """)
    }

    static func checkIsThere(_ path: String) throws(JournalError) {
        if access(path, F_OK) != 0, errno == ENOENT {
            throw JournalError(.missing, path: path, "there is no such file")
        }
    }

    // MARK: Events

    /// The lines that were received in an interval.
    ///
    /// - Parameters:
    ///   - since: the first moment; `nil` for the beginning.
    ///   - until: the first moment that is not in it any more; `nil` for everything that has been committed by now.
    /// - Returns: `nil` when there are none.
    public func range(since: Timestamp? = nil, until: Timestamp? = nil) throws(JournalError) -> JournalRange? {
        let bounds: (first: Int64, last: Int64)?
        if since == nil, until == nil {
            bounds = try zip(
                database.integer("SELECT min(sequence) FROM events"),
                database.integer("SELECT max(sequence) FROM events"))
        } else {
            let select = try database.prepare(
                "SELECT min(sequence), max(sequence) FROM events WHERE received_at >= ? AND received_at < ?")
            select.bind(since?.microseconds ?? .min, at: 1)
            select.bind(until?.microseconds ?? .max, at: 2)
            _ = try select.step()
            bounds = zip(select.optionalInteger(at: 0), select.optionalInteger(at: 1))
        }
        guard let bounds else { return nil }
        return JournalRange(
            sequences: UInt64(max(bounds.first, 0))...UInt64(max(bounds.last, 0)), since: since, until: until)
    }

    /// The lines of a range behind a position.
    ///
    /// - Parameters:
    ///   - position: the number of the last line before them.
    ///   - limit: the most, in bytes of text, unless one line alone is longer.
    /// - Returns: no lines when there are none left.
    public func lines(
        after position: UInt64, in range: JournalRange, limit: Int = 1 << 20
    ) throws(JournalError) -> EventBatch {
        try pages.lines(after: max(position, max(range.sequences.lowerBound, 1) - 1), in: range, limit: limit)
    }

    /// The number from which on there are so many lines up to another number, or the first where there are not so many.
    public func start(ofLast count: Int, through last: UInt64) throws(JournalError) -> UInt64 {
        precondition(count > 0, "some line must be the first")
        let select = try database.prepare(
            "SELECT sequence FROM events WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1 OFFSET ?")
        select.bind(Int64(last), at: 1)
        select.bind(Int64(count - 1), at: 2)
        let found = try select.step() ? select.integer(at: 0) : nil
        if let found { return UInt64(max(found, 0)) }
        return UInt64(max(try database.integer("SELECT min(sequence) FROM events") ?? 0, 0))
    }

    // MARK: Consumers and gaps

    /// Where consumers stand, in the order of their names.
    public func consumers() throws(JournalError) -> [JournalConsumer] {
        let select = try database.prepare(
            """
            SELECT consumer, position, changed_at,
                (SELECT max(sequence) FROM events),
                (SELECT received_at FROM events WHERE sequence > position ORDER BY sequence LIMIT 1),
                (SELECT count(*) FROM dead_letters WHERE dead_letters.consumer = cursors.consumer)
            FROM cursors ORDER BY consumer
            """)
        var consumers: [JournalConsumer] = []
        while try select.step() {
            let position = max(select.integer(at: 1), 0)
            consumers.append(
                JournalConsumer(
                    name: select.text(at: 0) ?? "", position: UInt64(position),
                    changedAt: Timestamp(microseconds: select.integer(at: 2)),
                    behind: Int(max(select.integer(at: 3) - position, 0)),
                    oldest: select.optionalInteger(at: 4).map { Timestamp(microseconds: $0) },
                    letters: Int(select.integer(at: 5))))
        }
        return consumers
    }

    /// The gaps that touch an interval, in the order of their places.
    public func gaps(since: Timestamp? = nil, until: Timestamp? = nil) throws(JournalError) -> [JournalGap] {
        let select = try database.prepare(
            """
            SELECT from_time, to_time, reason, events, consumer, notice FROM gaps
            WHERE to_time >= ? AND from_time < ? ORDER BY number
            """)
        select.bind(since?.microseconds ?? .min, at: 1)
        select.bind(until?.microseconds ?? .max, at: 2)
        var gaps: [JournalGap] = []
        while try select.step() {
            gaps.append(
                JournalGap(
                    from: Timestamp(microseconds: select.integer(at: 0)),
                    to: Timestamp(microseconds: select.integer(at: 1)), reason: select.text(at: 2) ?? "",
                    events: select.optionalInteger(at: 3).map { Int($0) }, consumer: select.text(at: 4),
                    notice: try? JSONValue(parsing: select.bytes(at: 5))))
        }
        return gaps
    }

    // MARK: Dead letters

    /// The consumers that have dead letters, in the order of their names.
    public func consumersWithLetters() throws(JournalError) -> [String] {
        let select = try database.prepare("SELECT DISTINCT consumer FROM dead_letters ORDER BY consumer")
        var names: [String] = []
        while try select.step() { if let name = select.text(at: 0) { names.append(name) } }
        return names
    }

    /// Reads dead letters one after the other, the oldest first.
    ///
    /// - Parameters:
    ///   - consumer: whose; `nil` for everybody's.
    ///   - body: gets each letter; returns whether to go on.
    public func forEachLetter(of consumer: String? = nil, _ body: (JournalLetter) throws -> Bool) throws {
        var number: Int64 = 0
        while let (next, letter) = try letter(of: consumer, after: number) {
            number = next
            guard try body(letter) else { return }
        }
    }

    private func letter(
        of consumer: String?, after number: Int64
    ) throws(JournalError) -> (number: Int64, JournalLetter)? {
        let row = selectLetters
        defer { row.reset() }
        row.bind(number, at: 1)
        try row.bind(consumer, at: 2)
        guard try row.step() else { return nil }
        let letter = JournalLetter(
            id: row.text(at: 1) ?? "", consumer: row.text(at: 2) ?? "", sequence: UInt64(max(row.integer(at: 3), 0)),
            time: Timestamp(microseconds: row.integer(at: 4)), attempts: Int(row.integer(at: 5)),
            reason: row.text(at: 6) ?? "", exitStatus: row.optionalInteger(at: 7).flatMap { Int32(exactly: $0) },
            standardError: row.text(at: 8), receivedAt: Timestamp(microseconds: row.integer(at: 9)),
            connection: row.text(at: 10) ?? "", event: Array(row.bytes(at: 11)))
        return (row.integer(at: 0), letter)
    }

    // MARK: The file

    /// How large the journal is.
    public func extent() throws(JournalError) -> JournalExtent {
        let pages = try database.pages()
        return JournalExtent(
            size: pages.total * pages.size, free: pages.free * pages.size, log: JournalFiles(path: path).logSize,
            version: Int(try database.integer("PRAGMA user_version") ?? 0),
            lastSequence: UInt64(
                max(try database.integer("SELECT value FROM counters WHERE name = 'last_sequence'") ?? 0, 0)))
    }
}

/// Both, or nothing.
private func zip(_ first: Int64?, _ last: Int64?) -> (first: Int64, last: Int64)? {
    guard let first, let last else { return nil }
    return (first, last)
}
