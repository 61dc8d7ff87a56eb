import Events

/// What is done for the file between commits, a little at a time.
struct Upkeep {
    typealias Instant = ContinuousClock.Instant

    private let settings: JournalConfiguration
    private let plan: RetentionPlan
    private var log: LogBound
    private var size: SizeWatch
    /// When something is done although nothing is committed.
    private(set) var due: Instant
    private var nextRetention: Instant
    private var nextSynchronization: Instant?
    /// How many lines were committed since the file was looked after.
    private var newLines = 0
    private var removed = 0
    private var isLogHeldBack = false

    /// How often it is looked for what may go.
    private static let retentionInterval: Duration = .seconds(1)
    /// How long to wait for those who read the log: consumers are done in a few milliseconds, and other programs must not
    /// keep events waiting.
    private static let patience: Duration = .milliseconds(100)
    /// How many events are removed at once, at least and at most: twice as many as were just committed, so that it keeps up,
    /// but never so many that those that come wait for long.
    private static let removalStep = 1_000...10_000

    init(_ settings: JournalConfiguration, now: Instant) {
        self.settings = settings
        plan = RetentionPlan(retention: settings.retention)
        log = LogBound(threshold: settings.logThreshold)
        size = SizeWatch(size: JournalFiles(path: settings.path).size)
        (due, nextRetention) = (now, now)
    }

    /// Lines were committed.
    mutating func committed(lines: Int) { newLines += lines }

    /// Something could not be done: not before a while.
    mutating func failed(now: Instant) {
        nextRetention = now + Self.retentionInterval
        due = nextRetention
    }

    /// How many events were removed since this was asked.
    mutating func takeRemoved() -> Int {
        defer { removed = 0 }
        return removed
    }

    /// Does what is due.
    ///
    /// - Returns: what somebody should hear.
    mutating func run(_ store: JournalStore, now: Instant) throws(JournalError) -> [JournalNotice] {
        defer { newLines = 0 }
        var notices: [JournalNotice] = []
        try synchronize(store, now: now)
        if nextRetention <= now {
            try checkFile(store)
            let hasMore = try removeEvents(store, &notices)
            let hasSpace = try giveSpaceBack(store)
            nextRetention = hasMore || hasSpace ? now : now + Self.retentionInterval
        }
        if log.isDue(pages: store.database.logPages) {
            let held = try store.database.checkpoint()
            let isOverdue = log.isOverdue
            let isRestarted = try isOverdue ? store.database.restartLog(within: Self.patience) : false
            log.wasMoved()
            if isOverdue, !isRestarted { log.waitedInVain() }
            let isHeldBack = held ?? 0 > 0 && log.isLong && !isRestarted
            if isHeldBack, !isLogHeldBack {
                notices.append(.logHeldBack(bytes: store.database.logPages * (try store.database.pages().size)))
            }
            isLogHeldBack = isHeldBack
        }
        due = min(nextRetention, nextSynchronization ?? nextRetention)
        return notices
    }

    /// - Throws: what somebody has done to the file.
    private mutating func checkFile(_ store: JournalStore) throws(JournalError) {
        let path = settings.path
        if store.database.isMoved { throw JournalError(.moved, path: path, "somebody has deleted or moved it") }
        let length = JournalFiles(path: path).size
        if let before = size.isCutShort(to: length) {
            throw JournalError(.damaged, path: path, "somebody has cut it short, from \(before) bytes to \(length)")
        }
    }

    private mutating func synchronize(_ store: JournalStore, now: Instant) throws(JournalError) {
        guard case .interval(let interval) = settings.synchronization else { return }
        if let next = nextSynchronization, next > now { return }
        try store.database.synchronizeLog()
        nextSynchronization = now + interval
    }

    /// - Returns: whether there is more to remove.
    private mutating func removeEvents(
        _ store: JournalStore, _ notices: inout [JournalNotice]
    ) throws(JournalError) -> Bool {
        guard settings.retention != Retention() else { return false }
        let now = Timestamp.now
        let limit = min(max(2 * newLines, Self.removalStep.lowerBound), Self.removalStep.upperBound)
        let oldest = settings.retention.age.map { now - $0 }
        guard let extent = try store.extent(expiredBefore: oldest), let step = plan.step(for: extent, limit: limit)
        else {
            return false
        }
        let result = try store.remove(through: step.through, now: now)
        removed += result.events
        notices += result.gaps.map { .gaveUp($0) }
        return step.hasMore
    }

    /// - Returns: whether there is more to give back.
    private mutating func giveSpaceBack(_ store: JournalStore) throws(JournalError) -> Bool {
        let pages = try store.database.pages()
        let step = SpacePlan.step(
            pages: pages.total, freePages: pages.free, limit: settings.retention.size.map { $0 / pages.size })
        guard step > 0 else { return false }
        try store.giveBack(pages: step)
        size.pagesWereGivenBack()
        return step == SpacePlan.stepLimit
    }
}
