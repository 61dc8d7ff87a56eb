/// The tables of a journal, and how a file comes to have them.
///
/// People ask the same tables with `sqlite3`: names are plain, times are microseconds since 1970 in UTC, and events are
/// text, because SQLite's JSON functions do not take BLOBs.
enum Schema {
    /// `PRAGMA application_id` of a journal: "kzsb".
    static let application: Int64 = 0x6B7A_7362

    /// What leads from each version to the next, beginning with an empty file. What has been released is never changed.
    static let migrations = [version1, version2]

    /// The version of the tables that this program knows: `PRAGMA user_version`.
    static var version: Int64 { Int64(migrations.count) }

    /// - `events.kind`: 0 an event as Kazoo sent it, 1 a frame that was no JSON, 2 a line of the tool's own.
    /// - `events.id`: `msg_id+routing_key`; NULL where the event lacks one of them, which is never taken for a repetition.
    /// - `cursors.position`: the consumer is done with everything up to this event, itself included.
    /// - `gaps.sequence`: the last event before the gap. `gaps.events`: how many are missing, where that is known.
    ///   `gaps.consumer`: whose gap it is; NULL when it is everybody's.
    /// - `counters.last_sequence`: the highest number that was ever given, so that none is given twice after the events
    ///   themselves are gone.
    ///
    /// A dead letter has a copy of its event, which outlives the event.
    private static let version1 = """
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY,
            received_at INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            id TEXT UNIQUE,
            account TEXT,
            family TEXT,
            name TEXT,
            routing_key TEXT,
            connection TEXT NOT NULL,
            raw TEXT NOT NULL
        ) STRICT;
        CREATE INDEX events_by_time ON events (received_at);
        CREATE TABLE cursors (
            consumer TEXT PRIMARY KEY,
            position INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE gaps (
            number INTEGER PRIMARY KEY,
            sequence INTEGER NOT NULL,
            from_time INTEGER NOT NULL,
            to_time INTEGER NOT NULL,
            reason TEXT NOT NULL,
            events INTEGER,
            consumer TEXT,
            notice TEXT NOT NULL
        ) STRICT;
        CREATE TABLE dead_letters (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            consumer TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            time INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            reason TEXT NOT NULL,
            exit_status INTEGER,
            standard_error TEXT,
            received_at INTEGER NOT NULL,
            connection TEXT NOT NULL,
            raw TEXT NOT NULL,
            UNIQUE (consumer, sequence)
        ) STRICT;
        CREATE TABLE counters (
            name TEXT PRIMARY KEY,
            value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO counters VALUES ('last_sequence', 0);
        """

    /// - `settled`: events behind a consumer's cursor whose dead letters somebody has taken out: they are not delivered
    ///   again. A row is of no use any more when the cursor has passed it.
    private static let version2 = """
        CREATE TABLE settled (
            consumer TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (consumer, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX gaps_by_sequence ON gaps (sequence);
        """

    /// Brings a database to this program's version.
    ///
    /// - Throws: ``JournalError/Kind/newer`` for one of a later version, ``JournalError/Kind/unavailable`` for a database
    ///   that is no journal; neither is touched.
    static func migrate(_ database: Database) throws(JournalError) {
        let found = try check(database)
        guard found < version else { return }
        try database.transaction { () throws(JournalError) in
            // Another process may have done it while this one waited for the lock.
            for step in try check(database)..<version { try database.execute(migrations[Int(step)]) }
            try database.execute("PRAGMA application_id = \(application)")
            try database.execute("PRAGMA user_version = \(version)")
        }
    }

    /// Whether a database is a journal that this program can use, or empty.
    ///
    /// - Returns: its version.
    @discardableResult
    static func check(_ database: Database) throws(JournalError) -> Int64 {
        let (found, owner) = (
            try database.integer("PRAGMA user_version") ?? 0, try database.integer("PRAGMA application_id") ?? 0
        )
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
        guard owner == application || isEmpty else {
            throw JournalError(
                .unavailable, path: database.path, "this is a database, but not a journal of kazoo-subscribe")
        }
        guard found <= version else {
            throw JournalError(
                .newer, path: database.path,
                "a later version of kazoo-subscribe made it (its tables have version \(found), this program knows \(version))"
            )
        }
        return isEmpty ? 0 : found
    }
}
