/// When `stream` has enough: a value that counts and is told the time.
struct StreamLimits: Sendable {
    /// Why the stream ends.
    enum Reason: Equatable, Sendable {
        /// `--count` events are there.
        case count
        /// `--duration` is over.
        case duration
        /// No event came for as long as `--wait` says.
        case idle
    }

    private var remaining: Int?
    private let idle: Duration?
    private let end: ContinuousClock.Instant?
    private var idleEnd: ContinuousClock.Instant?
    /// Why the stream ends, once it does.
    private(set) var reason: Reason?

    init(count: Int?, duration: Duration?, idle: Duration?, now: ContinuousClock.Instant) {
        remaining = count
        self.idle = idle
        end = duration.map { now + $0 }
        idleEnd = idle.map { now + $0 }
    }

    /// When ``tick(now:)`` has something to decide.
    var deadline: ContinuousClock.Instant? { [end, idleEnd].compactMap(\.self).min() }

    /// Takes note of events.
    ///
    /// - Returns: how many of them are still wanted.
    mutating func admit(_ count: Int, now: ContinuousClock.Instant) -> Int {
        guard reason == nil, count > 0 else { return 0 }
        idleEnd = idle.map { now + $0 }
        guard let remaining else { return count }
        let admitted = min(count, remaining)
        self.remaining = remaining - admitted
        if admitted == remaining { reason = .count }
        return admitted
    }

    /// Takes note of the time.
    mutating func tick(now: ContinuousClock.Instant) {
        guard reason == nil else { return }
        if let end, now >= end { reason = .duration } else if let idleEnd, now >= idleEnd { reason = .idle }
    }
}
