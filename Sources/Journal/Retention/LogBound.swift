/// Decides when the write-ahead log is moved into the database.
///
/// Once all of it is moved and nobody reads, SQLite begins it anew, so that it stays short. Consumers that always have
/// something to read leave hardly a moment for that, and are waited for. While a program keeps a read transaction open for
/// long it cannot begin anew, and moving what has come again and again would only cost time; to wait for it is tried each
/// time that the log has doubled.
struct LogBound: Sendable {
    /// After how many pages the log is moved.
    let threshold: Int
    /// How long the log was when it was moved last, in pages.
    private var moved = 0
    private var previous = 0
    /// From how many pages on it is worth waiting for those who read.
    private var overdue: Int

    init(threshold: Int) {
        self.threshold = threshold
        overdue = 2 * threshold
    }

    /// Whether to move it.
    ///
    /// - Parameter pages: how long it is after a commit.
    mutating func isDue(pages: Int) -> Bool {
        // It has begun anew.
        if pages < previous { (moved, overdue) = (0, 2 * threshold) }
        previous = pages
        return pages - moved >= threshold
    }

    /// Whether it should have begun anew, and has not: it is worth waiting for those who read.
    var isOverdue: Bool { previous >= overdue }

    /// Whether it is so long that somebody should hear of it.
    var isLong: Bool { previous >= 16 * threshold }

    /// It was moved, as far as readers allow.
    mutating func wasMoved() { moved = previous }

    /// It was waited for those who read, and they were not done.
    mutating func waitedInVain() { overdue = 2 * previous }
}
