/// Where the simulator's events come from: a story made up on the spot, or later a recorded day.
///
/// The simulator asks for the next event whenever one is due. A source holds its own state and is asked in turn, never
/// at the same time from two places.
public protocol EventSource: Sendable {
    /// The next event; `nil` when the source has run dry.
    ///
    /// - Parameter now: The simulated time, in seconds since 1970, for time stamps.
    mutating func next(now: Int64) -> SimulatedEvent?
}
