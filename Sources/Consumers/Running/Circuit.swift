/// Remembers how long a consumer has been failing, and opens when that is too long: then it is tried at a slow pace only,
/// until one attempt succeeds.
struct Circuit: Equatable, Sendable {
    /// The end of a row of failures.
    struct Recovery: Equatable, Sendable {
        /// How many there were.
        var failures: Int
        /// How long they lasted, from the first one on.
        var duration: Duration
    }

    /// What a failure has changed.
    enum Change: Equatable, Sendable {
        /// It is the first of a row.
        case failing
        /// The row is now so long that the circuit opens.
        case opened
    }

    /// How many failures in a row open it.
    let threshold: Int
    /// How many failures there were since the last success.
    private(set) var failures = 0
    private var since: ContinuousClock.Instant?

    init(threshold: Int) {
        precondition(threshold >= 1, "a circuit that is never closed delivers nothing")
        self.threshold = threshold
    }

    /// Whether only the slow pace is allowed.
    var isOpen: Bool { failures >= threshold }

    /// Takes note of a failure.
    ///
    /// - Returns: `nil` when it is one more of a kind that is known.
    mutating func failed(now: ContinuousClock.Instant) -> Change? {
        failures += 1
        since = since ?? now
        if failures == threshold { return .opened }
        return failures == 1 ? .failing : nil
    }

    /// Takes note of a success.
    ///
    /// - Returns: what it has ended; `nil` when there was no failure before.
    mutating func succeeded(now: ContinuousClock.Instant) -> Recovery? {
        guard let since else { return nil }
        defer { self = Circuit(threshold: threshold) }
        return Recovery(failures: failures, duration: now - since)
    }
}
