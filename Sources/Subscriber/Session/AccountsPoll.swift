/// When to ask which accounts there are below the login's.
struct AccountsPoll: Sendable {
    private let interval: Duration
    /// When the next question is due; `nil` while one is wanted or asked.
    private(set) var due: ContinuousClock.Instant?
    /// Whether a question is due, and waits for a token.
    private(set) var isWanted = false
    private var askedAt: ContinuousClock.Instant?
    /// Failures in a row.
    private(set) var failures = 0
    /// By how much the server's limits have made it slower.
    private var slowdown = 1

    /// The shortest time between two questions, however often accounts are created.
    static let shortestPause: Duration = .seconds(5)
    /// The most that the server's limits make it slower.
    static let greatestSlowdown = 16

    /// - Parameter interval: the time between two questions.
    init(interval: Duration, now: ContinuousClock.Instant) {
        self.interval = interval
        due = now
    }

    /// Takes note of the time.
    mutating func tick(now: ContinuousClock.Instant) {
        guard let due, due <= now else { return }
        self.due = nil
        isWanted = true
    }

    /// The question is asked.
    mutating func asked(now: ContinuousClock.Instant) {
        isWanted = false
        askedAt = now
    }

    /// The answer is there.
    mutating func answered(now: ContinuousClock.Instant) {
        slowdown = 1
        failures = 0
        postpone(until: now + interval)
    }

    /// There is no answer.
    ///
    /// - Parameter isThrottled: whether the server has asked for fewer requests.
    mutating func failed(isThrottled: Bool, now: ContinuousClock.Instant) {
        failures += 1
        if isThrottled { slowdown = min(slowdown * 2, Self.greatestSlowdown) }
        postpone(until: now + interval * slowdown)
    }

    /// An event tells of a new account: asks soon.
    mutating func hurry(now: ContinuousClock.Instant) {
        guard let due else { return }
        let soon = askedAt.map { max(now, $0 + Self.shortestPause) } ?? now
        self.due = min(due, soon)
    }

    /// Asks at this moment.
    mutating func postpone(until moment: ContinuousClock.Instant) { (due, isWanted) = (moment, false) }
}
