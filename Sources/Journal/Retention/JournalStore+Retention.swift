import Events

extension JournalStore {
    /// What the journal holds; `nil` when there are no events.
    ///
    /// - Parameter moment: events that were received before it are expired; `nil` for none.
    func extent(expiredBefore moment: Timestamp?) throws(JournalError) -> RetentionPlan.Extent? {
        guard let first = try database.integer("SELECT min(sequence) FROM events"),
            let last = try database.integer("SELECT max(sequence) FROM events")
        else { return nil }
        let expired = try moment.map { moment throws(JournalError) in
            try database.integer(
                """
                SELECT sequence FROM events WHERE received_at < \(moment.microseconds)
                ORDER BY received_at DESC, sequence DESC LIMIT 1
                """)
        }
        let pages = try database.pages()
        return RetentionPlan.Extent(
            events: UInt64(first)...UInt64(last), usedBytes: (pages.total - pages.free) * pages.size,
            lowestCursor: try database.integer("SELECT min(position) FROM cursors").map { UInt64(max($0, 0)) },
            expired: expired.flatMap(\.self).map { UInt64(max($0, 0)) })
    }

    /// Removes events. Consumers that have not read them are moved on, and each has a gap in the journal.
    ///
    /// - Returns: how many events were removed, and the gaps.
    func remove(through last: UInt64, now: Timestamp) throws(JournalError) -> (events: Int, gaps: [JournalGap]) {
        try transaction { () throws(JournalError) in
            var gaps: [JournalGap] = []
            for (consumer, position) in try cursors(before: last) {
                if let gap = try declareGap(of: consumer, after: position, through: last) { gaps.append(gap) }
                try move(consumer, to: last, now: now)
            }
            // Whoever still wanted to hear of these gaps has been moved on, and has one gap instead.
            try delete("FROM gaps WHERE sequence < ?", through: last)
            return (try delete("FROM events WHERE sequence <= ?", through: last), gaps)
        }
    }

    @discardableResult
    private func delete(_ what: String, through last: UInt64) throws(JournalError) -> Int {
        let delete = try database.prepare("DELETE \(what)")
        delete.bind(Int64(last), at: 1)
        try delete.run()
        return database.changes
    }

    private func cursors(before last: UInt64) throws(JournalError) -> [(consumer: String, position: Int64)] {
        let select = try database.prepare("SELECT consumer, position FROM cursors WHERE position < ?")
        select.bind(Int64(last), at: 1)
        var cursors: [(String, Int64)] = []
        while try select.step() { cursors.append((select.text(at: 0) ?? "", select.integer(at: 1))) }
        return cursors
    }

    /// Records which events a consumer loses. While it reads nothing, it has one gap, which grows.
    private func declareGap(
        of consumer: String, after position: Int64, through last: UInt64
    ) throws(JournalError) -> JournalGap? {
        let select = try database.prepare(
            """
            SELECT count(*), min(received_at), max(received_at) FROM events
            WHERE sequence > ? AND sequence <= ? AND kind <> \(LineKind.notice.rawValue)
            """)
        select.bind(position, at: 1)
        select.bind(Int64(last), at: 2)
        guard try select.step(), let from = select.optionalInteger(at: 1), let to = select.optionalInteger(at: 2) else {
            return nil
        }
        var gap = JournalGap(
            from: Timestamp(microseconds: from), to: Timestamp(microseconds: to), reason: JournalGap.retention,
            events: Int(select.integer(at: 0)), consumer: consumer)
        select.reset()
        if let earlier = try removeGap(of: consumer, at: position) {
            gap = JournalGap(
                from: min(gap.from, earlier.from), to: max(gap.to, earlier.to), reason: gap.reason,
                events: (gap.events ?? 0) + earlier.events, consumer: consumer)
        }
        try record(gap, after: last)
        return gap
    }

    /// Takes back the gap that ends where a consumer stands, because a longer one takes its place.
    private func removeGap(
        of consumer: String, at position: Int64
    ) throws(JournalError) -> (from: Timestamp, to: Timestamp, events: Int)? {
        let delete = try database.prepare(
            """
            DELETE FROM gaps WHERE consumer = ? AND sequence = ? AND reason = '\(JournalGap.retention)'
            RETURNING from_time, to_time, events
            """)
        try delete.bind(consumer, at: 1)
        delete.bind(position, at: 2)
        guard try delete.step() else { return nil }
        let earlier = (
            from: Timestamp(microseconds: delete.integer(at: 0)), to: Timestamp(microseconds: delete.integer(at: 1)),
            events: Int(delete.integer(at: 2))
        )
        while try delete.step() {}
        return earlier
    }

    /// Gives free pages back to the file system.
    func giveBack(pages: Int) throws(JournalError) {
        try database.execute("PRAGMA incremental_vacuum(\(pages))")
    }
}
