/// Notices that a connection which used to bring events has fallen silent: a sign that Kazoo has lost its listener.
///
/// A quiet night looks the same, so this is a reason to make the subscriptions anew, which is harmless, and none to claim
/// that anything was lost.
struct SilenceWatch: Sendable {
    /// The mean time between events, the later ones counting more, in seconds.
    private var meanInterval = 0.0
    private var count = 0
    private var lastEvent: ContinuousClock.Instant?
    /// Up to when intervals are in the mean; `nil` before the first event.
    private var measuredUntil: ContinuousClock.Instant?
    /// How many events have come since.
    private var unmeasured = 0

    /// How many events must have come before a silence means anything.
    static let leastEvents = 50
    /// The shortest silence that is suspicious.
    static let shortestSilence: Duration = .seconds(30)
    /// How many mean intervals a suspicious silence lasts. Were events independent, one silence in e²⁰ were that long.
    static let intervals = 20.0
    /// How much the newest interval counts in the mean.
    private static let weight = 0.05
    /// Events that follow each other faster are measured together: their interval is too short to matter.
    private static let shortestMeasure: Duration = .seconds(1)

    /// When the silence becomes suspicious; `nil` when it is so already, or nothing can be said.
    var deadline: ContinuousClock.Instant? {
        guard count >= Self.leastEvents, let lastEvent else { return nil }
        return lastEvent + max(Self.shortestSilence, .seconds(meanInterval * Self.intervals))
    }

    /// Events have come.
    mutating func heard(events: Int, now: ContinuousClock.Instant) {
        guard events > 0 else { return }
        count = min(count + events, Self.leastEvents)
        lastEvent = now
        unmeasured += events
        guard let measuredUntil else { return measured(until: now) }
        let time = now - measuredUntil
        guard time >= Self.shortestMeasure else { return }
        let interval = time / .seconds(1) / Double(unmeasured)
        meanInterval += (interval - meanInterval) * min(1, Self.weight * Double(unmeasured))
        measured(until: now)
    }

    private mutating func measured(until now: ContinuousClock.Instant) { (measuredUntil, unmeasured) = (now, 0) }

    /// Whether the silence is suspicious by now; told once for each silence.
    mutating func suspects(now: ContinuousClock.Instant) -> Bool {
        guard let deadline, deadline <= now else { return false }
        count = 0
        return true
    }
}
