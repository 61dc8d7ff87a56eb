public import Events

/// Where a session's events go: the one door out of the session's thread.
///
/// Called on the session's thread only, and never allowed to block it: Kazoo 5 drops events for a reader that pauses.
public protocol EventSink: Sendable {
    /// Takes the events of one burst.
    mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict

    /// Takes note that events may have been missed before those that follow.
    mutating func missed(_ gap: Gap, now: ContinuousClock.Instant)

    /// Called when ``deadline`` has passed.
    mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict

    /// When ``tick(now:)`` wants to be called next; `nil` for never.
    var deadline: ContinuousClock.Instant? { get }
}

/// Whether a sink wants to go on.
public enum SinkVerdict: Equatable, Sendable {
    /// More events are welcome.
    case more
    /// The session may end.
    case enough
}
