import Events

/// The journal's tables, as the writer sees them. It belongs to the writer's thread.
///
/// Everything here that changes something is called within ``transaction(_:)``.
final class JournalStore {
    let database: Database
    /// The highest number that has been given and committed.
    private(set) var lastSequence: UInt64
    /// The highest number that the current transaction has given.
    private var nextToLast: UInt64
    /// Where consumers stand that have moved since the journal was opened.
    private(set) var positions: [String: UInt64] = [:]
    private var nextPositions: [String: UInt64] = [:]

    private let insertEvent: Statement
    private let insertGap: Statement
    private let moveCursor: Statement
    private let insertLetter: Statement
    private let saveLastSequence: Statement

    /// What a transaction has done.
    struct Outcome {
        /// Lines that were added.
        var appended = 0
        /// Events that were there already.
        var duplicates = 0
    }

    /// Prepares a journal for writing.
    init(_ database: Database) throws(JournalError) {
        self.database = database
        let last = try database.integer(
            """
            SELECT max((SELECT max(value) FROM counters WHERE name = 'last_sequence'),
                coalesce((SELECT max(sequence) FROM events), 0), coalesce((SELECT max(position) FROM cursors), 0))
            """)
        lastSequence = UInt64(max(last ?? 0, 0))
        nextToLast = lastSequence
        insertEvent = try database.prepare(
            """
            INSERT INTO events (sequence, received_at, kind, id, account, family, name, routing_key, connection, raw)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """)
        insertGap = try database.prepare(
            """
            INSERT INTO gaps (sequence, from_time, to_time, reason, events, consumer, notice)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        moveCursor = try database.prepare(
            "UPDATE cursors SET position = ?2, changed_at = ?3 WHERE consumer = ?1 AND position < ?2")
        insertLetter = try database.prepare(
            """
            INSERT INTO dead_letters (id, consumer, sequence, time, attempts, reason, exit_status, standard_error,
                received_at, connection, raw)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (consumer, sequence) DO NOTHING
            """)
        saveLastSequence = try database.prepare("UPDATE counters SET value = ? WHERE name = 'last_sequence'")
    }

    /// Does everything in `body`, or nothing of it.
    func transaction<Result>(_ body: () throws(JournalError) -> Result) throws(JournalError) -> Result {
        (nextToLast, nextPositions) = (lastSequence, positions)
        let result = try database.transaction { () throws(JournalError) in
            let result = try body()
            if nextToLast > lastSequence {
                saveLastSequence.bind(Int64(nextToLast), at: 1)
                try saveLastSequence.run()
            }
            return result
        }
        (lastSequence, positions) = (nextToLast, nextPositions)
        return result
    }

    // MARK: Events and gaps

    /// Adds the lines of a batch that are not there.
    func append(_ batch: EventBatch, counting outcome: inout Outcome) throws(JournalError) {
        try batch.bytes.withUnsafeBufferPointer { bytes throws(JournalError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            for view in batch {
                if try insert(view, text: UnsafeRawBufferPointer(rebasing: bytes[view.line.range])) {
                    nextToLast += 1
                    outcome.appended += 1
                } else {
                    outcome.duplicates += 1
                }
            }
        }
    }

    /// Adds a line with the next number.
    ///
    /// - Parameter text: its text, where it stands in the batch.
    /// - Returns: whether it is new.
    private func insert(_ view: EventView, text: UnsafeRawBufferPointer) throws(JournalError) -> Bool {
        let columns = EventColumns(view)
        insertEvent.bind(Int64(nextToLast + 1), at: 1)
        insertEvent.bind(view.receivedAt.microseconds, at: 2)
        insertEvent.bind(LineKind(view.kind).rawValue, at: 3)
        try insertEvent.bind(columns.id, at: 4)
        try insertEvent.bind(columns.account, at: 5)
        try insertEvent.bind(columns.family, at: 6)
        try insertEvent.bind(columns.name, at: 7)
        try insertEvent.bind(columns.routingKey, at: 8)
        try insertEvent.bind(view.connection, at: 9)
        try insertEvent.bind(staying: text, at: 10)
        try insertEvent.run()
        return database.changes > 0
    }

    /// Records a gap, and the line that tells everybody of it.
    func append(_ gap: JournalGap, counting outcome: inout Outcome) throws(JournalError) {
        try record(gap, after: nextToLast)
        guard gap.consumer == nil else { return }
        var batch = EventBatch(receivedAt: gap.to)
        batch.append(notice: gap.notice)
        try append(batch, counting: &outcome)
    }

    /// Records a gap.
    func record(_ gap: JournalGap, after sequence: UInt64) throws(JournalError) {
        var notice: [UInt8] = []
        gap.notice.encode(into: &notice)
        insertGap.bind(Int64(sequence), at: 1)
        insertGap.bind(gap.from.microseconds, at: 2)
        insertGap.bind(gap.to.microseconds, at: 3)
        try insertGap.bind(gap.reason, at: 4)
        insertGap.bind(gap.events.map { Int64($0) }, at: 5)
        try insertGap.bind(gap.consumer, at: 6)
        try insertGap.bind(String(decoding: notice, as: UTF8.self), at: 7)
        try insertGap.run()
    }

    // MARK: Consumers

    /// Notes that a consumer is done with everything up to a position; never less than before.
    func move(_ consumer: String, to position: UInt64, now: Timestamp) throws(JournalError) {
        try moveCursor.bind(consumer, at: 1)
        moveCursor.bind(Int64(position), at: 2)
        moveCursor.bind(now.microseconds, at: 3)
        try moveCursor.run()
        nextPositions[consumer] = max(nextPositions[consumer] ?? 0, position)
    }

    /// Where a consumer goes on; one that is new begins where it is told to, and is remembered.
    func cursor(of consumer: String, from start: JournalStart, now: Timestamp) throws(JournalError) -> UInt64 {
        let select = try database.prepare("SELECT position FROM cursors WHERE consumer = ?")
        try select.bind(consumer, at: 1)
        if try select.step() {
            defer { select.reset() }
            let position = UInt64(max(select.integer(at: 0), 0))
            nextPositions[consumer] = position
            return position
        }
        let position = try position(of: start)
        nextPositions[consumer] = position
        let insert = try database.prepare("INSERT INTO cursors (consumer, position, changed_at) VALUES (?, ?, ?)")
        try insert.bind(consumer, at: 1)
        insert.bind(Int64(position), at: 2)
        insert.bind(now.microseconds, at: 3)
        try insert.run()
        return position
    }

    /// The names of all that have a cursor.
    func consumers() throws(JournalError) -> [String] {
        let select = try database.prepare("SELECT consumer FROM cursors ORDER BY consumer")
        var names: [String] = []
        while try select.step() { if let name = select.text(at: 0) { names.append(name) } }
        return names
    }

    /// The number of the last event before a start.
    private func position(of start: JournalStart) throws(JournalError) -> UInt64 {
        switch start {
        case .now: return nextToLast
        case .beginning: return 0
        case .time(let moment):
            // By time alone: where the clock was set back, numbers and times have different orders.
            let select = try database.prepare(
                "SELECT sequence FROM events WHERE received_at >= ? ORDER BY received_at, sequence LIMIT 1")
            select.bind(moment.microseconds, at: 1)
            guard try select.step() else { return nextToLast }
            defer { select.reset() }
            return UInt64(max(select.integer(at: 0) - 1, 0))
        }
    }

    /// Forgets a consumer that is no more: its cursor holds no event back.
    func forget(_ consumer: String) throws(JournalError) {
        for table in ["cursors", "settled"] {
            let delete = try database.prepare("DELETE FROM \(table) WHERE consumer = ?")
            try delete.bind(consumer, at: 1)
            try delete.run()
        }
        nextPositions[consumer] = nil
    }

    // MARK: Dead letters

    /// Keeps a letter; one about the same event and consumer that is there already stays as it is.
    func keep(_ letter: JournalLetter) throws(JournalError) {
        let insert = insertLetter
        try insert.bind(letter.id, at: 1)
        try insert.bind(letter.consumer, at: 2)
        insert.bind(Int64(letter.sequence), at: 3)
        insert.bind(letter.time.microseconds, at: 4)
        insert.bind(Int64(letter.attempts), at: 5)
        try insert.bind(letter.reason, at: 6)
        insert.bind(letter.exitStatus.map { Int64($0) }, at: 7)
        try insert.bind(letter.standardError, at: 8)
        insert.bind(letter.receivedAt.microseconds, at: 9)
        try insert.bind(letter.connection, at: 10)
        try insert.bind(String(decoding: letter.event, as: UTF8.self), at: 11)
        try insert.run()
    }

    /// The numbers of the events behind a position that are, or were, among a consumer's dead letters: it is done with
    /// them.
    func buried(by consumer: String, after position: UInt64) throws(JournalError) -> Set<UInt64> {
        let forget = try database.prepare("DELETE FROM settled WHERE consumer = ? AND sequence <= ?")
        try forget.bind(consumer, at: 1)
        forget.bind(Int64(position), at: 2)
        try forget.run()
        let select = try database.prepare(
            """
            SELECT sequence FROM dead_letters WHERE consumer = ?1 AND sequence > ?2
            UNION SELECT sequence FROM settled WHERE consumer = ?1 AND sequence > ?2
            """)
        try select.bind(consumer, at: 1)
        select.bind(Int64(position), at: 2)
        var numbers: Set<UInt64> = []
        while try select.step() { numbers.insert(UInt64(select.integer(at: 0))) }
        return numbers
    }

    /// Takes letters out. Their events are not delivered again.
    ///
    /// - Parameter consumer: whose; `nil` for anybody's.
    /// - Returns: those that were there.
    func takeOut(_ ids: Set<String>, of consumer: String?) throws(JournalError) -> Set<String> {
        let settle = try database.prepare(
            """
            INSERT OR IGNORE INTO settled (consumer, sequence)
            SELECT consumer, sequence FROM dead_letters
            WHERE id = ?1 AND sequence > (SELECT position FROM cursors WHERE cursors.consumer = dead_letters.consumer)
            """)
        let delete = try database.prepare("DELETE FROM dead_letters WHERE id = ?1 AND (?2 IS NULL OR consumer = ?2)")
        var taken: Set<String> = []
        for id in ids {
            try settle.bind(id, at: 1)
            try settle.run()
            try delete.bind(id, at: 1)
            try delete.bind(consumer, at: 2)
            try delete.run()
            if database.changes > 0 { taken.insert(id) }
        }
        return taken
    }
}
