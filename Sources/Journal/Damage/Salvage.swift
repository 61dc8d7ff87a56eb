import Events

/// Copies what can be read of a damaged journal into a new one.
///
/// Rows are read in the order of their numbers. Where a page is broken, the next row that can be read is sought behind it;
/// the numbers in between are gone, and a gap stands in their place.
struct Salvage {
    private let source: Database
    private let target: Database
    private let size: Int
    private let insert: Statement
    private let insertGap: Statement
    /// How many events have been copied.
    private(set) var events = 0
    /// The number of the last row that was copied, and when it was received.
    private(set) var last: (sequence: Int64, receivedAt: Int64) = (0, 0)
    /// Whether anything could not be read.
    private(set) var isIncomplete = false

    private static let columns = [
        "sequence", "received_at", "kind", "id", "account", "family", "name", "routing_key", "connection", "raw",
    ]

    /// - Parameters:
    ///   - source: a connection to the damaged journal, which only reads.
    ///   - size: how large the damaged journal is, in bytes.
    ///   - target: a new journal.
    init(from source: Database, size: Int, to target: Database) throws(JournalError) {
        self.size = size
        self.source = source
        self.target = target
        insert = try target.prepare(
            """
            INSERT OR IGNORE INTO events (\(Self.columns.joined(separator: ", "))) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertGap = try target.prepare(
            "INSERT INTO gaps (sequence, from_time, to_time, reason, events, notice) VALUES (?, ?, ?, ?, ?, ?)")
    }

    /// Copies everything.
    ///
    /// - Parameter now: the end of the gap that stands for what is missing at the end.
    /// - Throws: why the new journal cannot be written.
    mutating func run(now: Timestamp) throws(JournalError) {
        try target.execute("BEGIN")
        try copyEvents()
        for (table, columns) in [
            ("cursors", "consumer, position, changed_at"),
            ("gaps", "sequence, from_time, to_time, reason, events, consumer, notice"),
            (
                "dead_letters",
                "id, consumer, sequence, time, attempts, reason, exit_status, standard_error, received_at, connection, raw"
            ),
            ("settled", "consumer, sequence"),
        ] where exists(table) {
            try copy(table, columns)
        }
        if let known = lastSequence() {
            if isIncomplete, known > last.sequence { try recordGap(through: known, at: now.microseconds) }
            try target.execute("UPDATE counters SET value = max(value, \(known), \(last.sequence))")
        } else {
            // More events than these cannot have stood in what is lost: no number is given twice.
            isIncomplete = true
            try target.execute("UPDATE counters SET value = \(last.sequence) + \(size / Self.smallestEvent)")
        }
        try target.execute("COMMIT")
    }

    /// How many bytes an event takes at least.
    private static let smallestEvent = 64

    /// The highest number that was ever given, if that can be read.
    private func lastSequence() -> Int64? {
        do throws(JournalError) {
            return try source.integer("SELECT value FROM counters WHERE name = 'last_sequence'")
        } catch {
            return nil
        }
    }

    // MARK: Events

    private mutating func copyEvents() throws(JournalError) {
        var start: Int64? = 1
        while let from = start {
            do throws(JournalError) {
                let select = try source.prepare(
                    "SELECT \(Self.columns.joined(separator: ", ")) FROM events WHERE sequence >= ? ORDER BY sequence")
                select.bind(from, at: 1)
                while try select.step() { try copyRow(select) }
                start = nil
            } catch {
                guard error.path == source.path else { throw error }
                isIncomplete = true
                start = next(after: max(last.sequence, from))
            }
        }
    }

    private mutating func copyRow(_ row: Statement) throws(JournalError) {
        let (sequence, receivedAt) = (row.integer(at: 0), row.integer(at: 1))
        if isIncomplete, sequence > last.sequence + 1 { try recordGap(through: sequence - 1, at: receivedAt) }
        for column in 0..<Int32(Self.columns.count) { try insert.bind(row: row, column) }
        try insert.run()
        events += target.changes
        last = (sequence, receivedAt)
    }

    /// The number of the next row that can be read, after the one that follows `sequence` cannot.
    private func next(after sequence: Int64) -> Int64? {
        var (broken, step): (Int64, Int64) = (sequence, 1)
        while step < 1 << 40 {
            if let found = firstRow(from: sequence + step + 1) {
                // Somewhere between the two: the first place from which a row can be read.
                var (low, high) = (broken + 1, min(found, sequence + step + 1))
                while low < high {
                    let middle = low + (high - low) / 2
                    if firstRow(from: middle) != nil { high = middle } else { low = middle + 1 }
                }
                return high
            }
            broken = sequence + step
            step *= 2
        }
        return nil
    }

    /// The number of the first row from a number on; `nil` when it cannot be read, or there is none.
    private func firstRow(from sequence: Int64) -> Int64? {
        do throws(JournalError) {
            // The text too: it may stand on pages of its own.
            let select = try source.prepare(
                "SELECT sequence, length(raw) FROM events WHERE sequence >= ? ORDER BY sequence LIMIT 1")
            select.bind(sequence, at: 1)
            return try select.step() ? select.integer(at: 0) : nil
        } catch {
            return nil
        }
    }

    /// Records that everything is missing between the last row that was copied and a number, and puts a line there.
    private mutating func recordGap(through missing: Int64, at moment: Int64) throws(JournalError) {
        let gap = JournalGap(
            from: Timestamp(microseconds: last.receivedAt > 0 ? last.receivedAt : moment),
            to: Timestamp(microseconds: moment), reason: JournalGap.damage, events: Int(missing - last.sequence))
        var notice: [UInt8] = []
        gap.notice.encode(into: &notice)
        let text = String(decoding: notice, as: UTF8.self)
        insertGap.bind(last.sequence, at: 1)
        insertGap.bind(gap.from.microseconds, at: 2)
        insertGap.bind(gap.to.microseconds, at: 3)
        try insertGap.bind(gap.reason, at: 4)
        insertGap.bind(gap.events.map { Int64($0) }, at: 5)
        try insertGap.bind(text, at: 6)
        try insertGap.run()
        insert.bind(missing, at: 1)
        insert.bind(moment, at: 2)
        insert.bind(LineKind.notice.rawValue, at: 3)
        for column in 4...8 as ClosedRange<Int32> { insert.bind(nil as Int64?, at: column) }
        try insert.bind("", at: 9)
        try insert.bind(text, at: 10)
        try insert.run()
        last = (missing, moment)
    }

    // MARK: Other tables

    /// Whether the damaged journal has a table: one of an earlier version lacks some.
    private func exists(_ table: String) -> Bool {
        do throws(JournalError) {
            return try source.integer("SELECT count(*) FROM sqlite_schema WHERE name = '\(table)'") != 0
        } catch {
            // What it holds cannot be read either, which shows there.
            return true
        }
    }

    /// Copies rows until one cannot be read.
    private mutating func copy(_ table: String, _ columns: String) throws(JournalError) {
        let count = columns.split(separator: ",").count
        let values = Array(repeating: "?", count: count).joined(separator: ", ")
        let insert = try target.prepare("INSERT OR IGNORE INTO \(table) (\(columns)) VALUES (\(values))")
        do throws(JournalError) {
            let select = try source.prepare("SELECT \(columns) FROM \(table)")
            while try select.step() {
                for column in 0..<Int32(count) { try insert.bind(row: select, column) }
                try insert.run()
            }
        } catch {
            guard error.path == source.path else { throw error }
            isIncomplete = true
        }
    }
}

extension Statement {
    /// Sets a parameter to what a row of another statement has in the same place.
    fileprivate func bind(row: Statement, _ column: Int32) throws(JournalError) {
        if row.isInteger(at: column) {
            bind(row.integer(at: column), at: column + 1)
        } else {
            try bind(row.text(at: column), at: column + 1)
        }
    }
}
