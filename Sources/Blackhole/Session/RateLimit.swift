/// Spaces out requests: a burst, then one after another at a steady rate.
///
/// The generic cell rate algorithm (ITU-T I.371): one moment is all that is remembered, the time at which the next
/// request would be due if there were no bursts.
struct RateLimit: Equatable, Sendable {
    private let interval: Duration
    private let tolerance: Duration
    private var due: ContinuousClock.Instant?

    init(burst: Int, perSecond: Int) {
        precondition(burst > 0 && perSecond > 0, "a rate limit lets something through")
        interval = .seconds(1) / perSecond
        tolerance = interval * (burst - 1)
    }

    /// When so many requests may be sent together; `nil` for at once. More than a burst holds wait for a whole one.
    func next(_ count: Int = 1) -> ContinuousClock.Instant? {
        due.map { $0 - max(.zero, tolerance - interval * (count - 1)) }
    }

    /// Whether so many requests may be sent together now; if so, they count.
    mutating func take(_ count: Int = 1, now: ContinuousClock.Instant) -> Bool {
        if let next = next(count), next > now { return false }
        due = max(due ?? now, now) + interval * count
        return true
    }

    /// Lets nothing through before `moment`, and no burst after it.
    mutating func pause(until moment: ContinuousClock.Instant) {
        due = moment + tolerance
    }
}
