import Events

/// Makes a journal anew, beside the old one, and puts it in its place when it is finished.
///
/// Whatever ends the program in between, the next start finds the old one, and does it again. What stood at the path is
/// never deleted.
struct Workshop {
    private let files: JournalFiles
    /// The new one.
    private let draft: JournalFiles
    /// A copy of a damaged one.
    private let patient: JournalFiles

    init(_ path: String) {
        files = JournalFiles(path: path)
        draft = JournalFiles(path: path + ".new")
        patient = JournalFiles(path: path + ".copy")
    }

    /// Saves what can be read of a damaged journal.
    ///
    /// - Parameters:
    ///   - positions: where consumers stand, as far as the program remembers.
    ///   - lastSequence: the highest number that the program has given.
    func repair(
        _ damage: JournalError, positions: [String: UInt64], lastSequence: UInt64, now: Timestamp
    ) throws(JournalError) -> JournalRepair {
        draft.remove()
        patient.remove()
        defer { patient.remove() }
        // Closed once, so that its first page is in the file.
        _ = try Database.drafting(draft.path)
        var events = 0
        if let source = try openDamaged() {
            let target = try Database.drafting(draft.path)
            var salvage = try Salvage(from: source, size: files.size, to: target)
            try salvage.run(now: now)
            events = salvage.events
        }
        try remember(positions, lastSequence: lastSequence)
        return JournalRepair(damage: damage, setAside: try finish("damaged", now), events: events)
    }

    /// Saves a journal whose file somebody has deleted or moved, from the connection that still has it open.
    func restore(_ open: Database, now: Timestamp) throws(JournalError) -> JournalRepair {
        let damage = JournalError(.moved, path: files.path, "somebody has deleted or moved it while it was in use")
        draft.remove()
        let events = Int(try open.integer("SELECT count(*) FROM events WHERE kind = 0") ?? 0)
        try open.copy(to: Database(path: draft.path, .readWrite))
        return JournalRepair(damage: damage, setAside: try finish("found", now), events: events)
    }

    // MARK: Steps

    /// - Returns: `nil` when nothing of it can be read.
    /// - Throws: why it could not be tried, such as a full disk: then it is too early to give anything up.
    private func openDamaged() throws(JournalError) -> Database? {
        if let source = try salvage(files.path) { return source }
        try files.copy(to: patient.path)
        guard patient.size > Database.pageSize else { return nil }
        try borrowFirstPage()
        return try salvage(patient.path)
    }

    /// - Returns: `nil` when nothing of it can be read.
    private func salvage(_ path: String) throws(JournalError) -> Database? {
        do throws(JournalError) {
            return try Database.salvaging(path)
        } catch {
            guard error.kind == .damaged else { throw error }
            return nil
        }
    }

    /// Gives the copy the first page of a new journal: where the tables begin is the same in every journal.
    private func borrowFirstPage() throws(JournalError) {
        var page = try draft.firstPage()
        // The format of the file (sqlite.org/fileformat.html): it has a write-ahead log, and so many pages.
        (page[18], page[19]) = (2, 2)
        let pages = UInt32(truncatingIfNeeded: patient.size / Database.pageSize)
        for byte in 0..<4 { page[28 + byte] = UInt8(truncatingIfNeeded: pages >> UInt32(24 - 8 * byte)) }
        try patient.replaceFirstPage(with: page)
    }

    /// Adds what the program knows, and the file may not.
    private func remember(_ positions: [String: UInt64], lastSequence: UInt64) throws(JournalError) {
        let target = try Database.drafting(draft.path)
        let insert = try target.prepare(
            """
            INSERT INTO cursors (consumer, position, changed_at) VALUES (?, ?, ?)
            ON CONFLICT (consumer) DO UPDATE SET position = max(position, excluded.position)
            """)
        for (consumer, position) in positions {
            try insert.bind(consumer, at: 1)
            insert.bind(Int64(position), at: 2)
            insert.bind(Timestamp.now.microseconds, at: 3)
            try insert.run()
        }
        try target.execute("UPDATE counters SET value = max(value, \(lastSequence))")
    }

    /// Puts the new journal in the place of the old one.
    private func finish(_ why: String, _ now: Timestamp) throws(JournalError) -> String? {
        try draft.synchronize()
        let aside = try files.setAside(why, now: now.unixSeconds)
        try files.put(draft.path)
        if aside.isThere { return aside.path }
        // A log without its database is of no use; what stood in it is in the new journal.
        aside.remove()
        return nil
    }
}
