public import Events

/// A consumer that takes whole batches, one after the other: a file, a pipe, a broker.
///
/// It does the one thing that is its own. The queue before it, retries with their pauses, the circuit that opens when it
/// keeps failing, lag and counters are the runner's (``BatchRunner``), which calls one function at a time.
public protocol BatchConsumer: Sendable {
    /// Takes a batch, all of it or nothing as far as the outside can see; returns when it is safe to forget the batch.
    mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure)

    /// When ``tick(now:)`` wants to be called although nothing comes; `nil` for never.
    var deadline: ContinuousClock.Instant? { get }

    /// Does what is due, such as a rotation.
    mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure)

    /// Opens its files and connections anew, as on SIGHUP.
    mutating func reopen() async throws(ConsumerFailure)

    /// Nothing more will come: writes what it holds back, and lets go of everything.
    mutating func close() async throws(ConsumerFailure)
}

extension BatchConsumer {
    /// Never.
    public var deadline: ContinuousClock.Instant? { nil }
    /// Nothing is ever due.
    public mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure) {}
    /// There is nothing to open.
    public mutating func reopen() async throws(ConsumerFailure) {}
    /// There is nothing to let go of.
    public mutating func close() async throws(ConsumerFailure) {}
}
