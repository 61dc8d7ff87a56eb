public import Events

/// A journal as a command changes it, while the daemon writes it or when nobody does.
///
/// Transactions are short, so that neither the daemon nor anybody else waits for long. It belongs to one thread at a time.
public final class JournalEditor {
    private let path: String
    private let store: JournalStore

    /// Opens a journal that is there.
    ///
    /// - Throws: why it cannot be changed; ``JournalError/Kind/missing`` where there is none.
    public init(path: String) throws(JournalError) {
        try JournalBrowser.checkIsThere(path)
        self.path = path
        store = try JournalStore(Database.editing(path))
    }

    /// Takes dead letters out. Their events are not delivered again, wherever the consumer stands.
    ///
    /// - Parameters:
    ///   - ids: the letters.
    ///   - consumer: whose; `nil` for anybody's.
    /// - Returns: those that were there.
    public func takeOut(letters ids: Set<String>, of consumer: String? = nil) throws(JournalError) -> Set<String> {
        try store.transaction { () throws(JournalError) in try store.takeOut(ids, of: consumer) }
    }

    // MARK: Pruning

    /// What a step of pruning has done.
    public struct PruneStep: Equatable, Sendable {
        /// Lines that were removed.
        public var removed: Int
        /// What consumers have lost that had not read it.
        public var gaps: [JournalGap]
        /// Whether there is more to remove.
        public var hasMore: Bool
    }

    /// How many lines pruning would remove.
    ///
    /// - Parameters:
    ///   - retention: what is kept.
    ///   - sparesUnread: whether what a consumer has not read stays, unless the size alone demands it.
    public func prunable(_ retention: Retention, sparesUnread: Bool, now: Timestamp) throws(JournalError) -> Int {
        guard let step = try step(retention, sparesUnread, now, limit: .max) else { return 0 }
        return Int(try store.database.integer("SELECT count(*) FROM events WHERE sequence <= \(step.through)") ?? 0)
    }

    /// Removes some lines, in one transaction.
    ///
    /// - Parameters:
    ///   - retention: what is kept.
    ///   - sparesUnread: whether what a consumer has not read stays, unless the size alone demands it.
    ///   - limit: the most that is removed at once.
    public func prune(
        _ retention: Retention, sparesUnread: Bool, now: Timestamp, limit: Int = 2_000
    ) throws(JournalError) -> PruneStep {
        guard let step = try step(retention, sparesUnread, now, limit: limit) else {
            return PruneStep(removed: 0, gaps: [], hasMore: false)
        }
        let result = try store.remove(through: step.through, now: now)
        return PruneStep(removed: result.events, gaps: result.gaps, hasMore: step.hasMore)
    }

    private func step(
        _ retention: Retention, _ sparesUnread: Bool, _ now: Timestamp, limit: Int
    ) throws(JournalError) -> RetentionPlan.Step? {
        let oldest = retention.age.map { now - $0 }
        guard var extent = try store.extent(expiredBefore: oldest) else { return nil }
        if !sparesUnread { extent.lowestCursor = nil }
        return RetentionPlan(retention: retention).step(for: extent, limit: limit)
    }

    /// Gives what is free in the file back to the file system.
    ///
    /// - Parameter progress: told how many bytes are left, and how many there were.
    /// - Returns: whether it has; `false` where the daemon runs, which does so by itself, a little at a time.
    public func giveBackSpace(progress: (_ left: Int, _ all: Int) -> Void) throws(JournalError) -> Bool {
        let lock: JournalLock
        do throws(JournalError) {
            lock = try JournalLock(path)
        } catch {
            guard error.kind == .locked else { throw error }
            return false
        }
        return try withExtendedLifetime(lock) { () throws(JournalError) in
            let pages = try store.database.pages()
            var free = pages.free
            while free > 0 {
                progress(free * pages.size, pages.free * pages.size)
                try store.giveBack(pages: SpacePlan.stepLimit)
                free = try store.database.pages().free
            }
            // What was moved to the log comes into the file, which becomes shorter by it.
            try store.database.checkpoint()
            return true
        }
    }
}
