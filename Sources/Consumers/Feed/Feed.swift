public import Events

/// Where a consumer gets its events from: a bounded queue in memory, or a place in the journal.
///
/// Events are taken in batches, in the order of their sequence numbers, and acknowledged when they are done with. What was
/// taken and never acknowledged comes again where the feed remembers, which memory does not.
public protocol Feed: Sendable {
    /// The next events, at most `limit` bytes of them unless one alone is longer; waits until there are some.
    ///
    /// A batch may hold lines that are no events: `gap` notices, for consumers that ask for them.
    ///
    /// - Returns: `nil` when the feed is finished and everything has been taken, or the task is cancelled.
    func next(limit: Int) async -> EventBatch?

    /// Everything up to this sequence number, itself included, is done with: delivered, or put among the dead letters.
    func acknowledge(through sequence: UInt64)

    /// How far the consumer is behind.
    var lag: Lag { get }
}

/// How far a consumer is behind the events that have come.
public struct Lag: Equatable, Sendable {
    /// How many events have come that are not acknowledged.
    public var events: Int
    /// When the oldest of them was received; `nil` when there is none.
    public var oldest: Timestamp?

    /// Creates a lag.
    public init(events: Int, oldest: Timestamp?) {
        self.events = events
        self.oldest = oldest
    }
}
