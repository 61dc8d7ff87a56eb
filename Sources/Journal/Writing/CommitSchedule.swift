/// Decides when what waits is committed.
///
/// Events that come after a pause are committed at once, those that follow are gathered for an interval; a commit costs
/// the disk a few milliseconds however much is in it. Cursors can wait longer, and go with the events where there are
/// some. A value without a clock: time is an argument.
struct CommitSchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The shortest time between the commits of events.
    let interval: Duration
    /// How many bytes of events do not wait.
    let size: Int
    /// How late cursors may be committed.
    let cursorInterval: Duration
    private var lastCommit: Instant?
    private var eventsSince: Instant?
    private var cursorsSince: Instant?
    private var urgentSince: Instant?

    init(interval: Duration, size: Int, cursorInterval: Duration) {
        self.interval = interval
        self.size = size
        self.cursorInterval = cursorInterval
    }

    /// Events have come.
    ///
    /// - Parameter waiting: how many bytes wait now.
    mutating func eventsCame(waiting: Int, now: Instant) {
        eventsSince = eventsSince ?? now
        if waiting >= size { somebodyWaits(now: now) }
    }

    /// Cursors have moved.
    mutating func cursorsMoved(now: Instant) { cursorsSince = cursorsSince ?? now }

    /// Somebody waits for the commit itself.
    mutating func somebodyWaits(now: Instant) { urgentSince = urgentSince ?? now }

    /// When to commit; `nil` when there is nothing.
    var deadline: Instant? {
        let events = eventsSince.map { since in max(since, lastCommit.map { $0 + interval } ?? since) }
        return [urgentSince, events, cursorsSince.map { $0 + cursorInterval }].compactMap(\.self).min()
    }

    /// Everything that had come was taken, to be committed.
    ///
    /// - Parameter waiting: how many bytes of events are left for the next commit.
    mutating func taken(waiting: Int, now: Instant) {
        lastCommit = now
        cursorsSince = nil
        urgentSince = waiting >= size ? now : nil
        eventsSince = waiting > 0 ? now : nil
    }
}
