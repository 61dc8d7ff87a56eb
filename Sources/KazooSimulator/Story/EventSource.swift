/// Where the simulator's events come from: a story made up on the spot, or a recording.
///
/// The simulator asks for the next event whenever one is due. A source holds its own state and is asked in turn, never
/// at the same time from two places.
public protocol EventSource: Sendable {
    /// How long after the event before it the next one is due. Asking again changes nothing.
    mutating func nextPause() -> EventPause

    /// The next event; `nil` when the source has run dry.
    ///
    /// - Parameter now: The simulated time, in seconds since 1970, for time stamps.
    mutating func next(now: Int64) -> SimulatedEvent?
}

extension EventSource {
    /// The pace is the simulator's.
    public mutating func nextPause() -> EventPause { .asConfigured }
}

/// How long an event lets wait for itself.
public enum EventPause: Equatable, Sendable {
    /// As ``SimulatorConfiguration/eventsPerSecond`` has it.
    case asConfigured
    /// So long after the event before it; for the first one, after somebody has subscribed.
    case lasting(Duration)
    /// There is none.
    case endless
}
