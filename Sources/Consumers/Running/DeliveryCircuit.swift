/// Suspends deliveries when everything fails, and tries one at a time until something is delivered again.
struct DeliveryCircuit {
    typealias Instant = ContinuousClock.Instant

    /// How many failures in a row suspend.
    let threshold: Int
    /// Failures in a row, whichever the events.
    private(set) var failures = 0
    /// How often in a row the pause was begun: each is longer than the one before.
    private var pauses = 0
    /// When the next single event may be tried; `nil` while everything may run.
    private(set) var pausedUntil: Instant?
    /// The single event that is being tried.
    private(set) var probe: Int?

    init(threshold: Int) { self.threshold = threshold }

    var isSuspended: Bool { pausedUntil != nil }

    /// Whether a delivery may begin.
    func admits(at now: Instant) -> Bool {
        guard let pausedUntil else { return true }
        return probe == nil && now >= pausedUntil
    }

    /// A delivery begins.
    mutating func begin(_ ticket: Int) {
        if isSuspended { probe = ticket }
    }

    /// A delivery has succeeded.
    ///
    /// - Returns: whether everything goes on that was suspended.
    mutating func succeed() -> Bool {
        defer { self = DeliveryCircuit(threshold: threshold) }
        return isSuspended
    }

    /// A delivery says nothing about the next one: the event was at fault.
    mutating func leave(_ ticket: Int) {
        if probe == ticket { probe = nil }
    }

    /// A delivery has failed.
    ///
    /// - Parameter wait: how long to wait after so many failures.
    /// - Returns: how long deliveries are suspended from now on; `nil` when that has not changed.
    mutating func fail(_ ticket: Int, now: Instant, wait: (_ failures: Int) -> Duration) -> Duration? {
        failures += 1
        // What was begun before the pause ends during it, and changes nothing.
        guard isSuspended ? probe == ticket : failures >= threshold else { return nil }
        probe = nil
        pauses += 1
        let pause = wait(pauses)
        pausedUntil = now + pause
        return pause
    }
}
