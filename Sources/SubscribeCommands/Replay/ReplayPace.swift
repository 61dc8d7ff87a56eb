import Events

/// When recorded events are due again: as they came, faster or slower. A value without a clock: time is an argument.
struct ReplayPace: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How many times as fast as they came; `nil` for as fast as they are taken.
    let speed: Double?
    private var beginning: (recorded: Timestamp, replayed: Instant)?

    init(speed: Double?) {
        precondition(speed ?? 1 > 0, "time goes forward")
        self.speed = speed
    }

    /// How many of some events, in their order, are due. The first of all is due at once.
    mutating func due(of recorded: some Collection<Timestamp>, now: Instant) -> Int {
        guard speed != nil else { return recorded.count }
        var count = 0
        for moment in recorded {
            guard instant(of: moment, now: now) <= now else { break }
            count += 1
        }
        return count
    }

    /// When an event is due; at once where the recording does not know when it came.
    mutating func instant(of recorded: Timestamp, now: Instant) -> Instant {
        guard let speed, recorded.microseconds > 0 else { return now }
        guard let beginning else {
            beginning = (recorded, now)
            return now
        }
        return beginning.replayed + (recorded - beginning.recorded) / speed
    }
}
