/// What an ``EventRunner`` has to say; its owner decides where that is written.
public enum EventRunnerNotice: Equatable, Sendable {
    /// A delivery failed, and is tried again after a pause.
    case retrying(sequence: UInt64, attempt: Int, ConsumerFailure, after: Duration)
    /// An event is given up, and among the dead letters.
    case buried(sequence: UInt64, attempts: Int, ConsumerFailure)
    /// An event is given up, and gone: there are no dead letters, or they could not take it before the end.
    case lost(sequence: UInt64, attempts: Int, ConsumerFailure)
    /// The dead letters cannot take an event; it is held, and offered again after a pause.
    case letterRefused(sequence: UInt64, ConsumerFailure, after: Duration)
    /// Everything fails: one event at a time is tried, after a pause.
    case suspended(failures: Int, ConsumerFailure, after: Duration)
    /// Something was delivered again; everything goes on.
    case resumed
    /// The runner ends, and so many events that it had taken are not delivered and not acknowledged.
    case unfinished(events: Int)
}

/// What an ``EventRunner`` has done since it was made, and what it holds.
public struct EventRunnerCounters: Equatable, Sendable {
    /// Events delivered.
    public var delivered = 0
    /// Attempts that failed and were, or will be, repeated.
    public var retried = 0
    /// Events that went among the dead letters.
    public var buried = 0
    /// Events given up that nobody kept.
    public var lost = 0
    /// Deliveries that run now.
    public var running = 0
    /// Events that are taken and do not run: they wait for a place, for the event before them, or for the next attempt.
    public var waiting = 0
    /// Whether deliveries are suspended because everything fails.
    public var isSuspended = false

    /// Creates counters, all of them 0.
    public init() {}
}
