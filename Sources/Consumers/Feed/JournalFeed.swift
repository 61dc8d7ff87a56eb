public import Events
public import Journal

/// One consumer's place in the journal: what was taken and not acknowledged comes again after the next start.
///
/// It is the store of the consumer's dead letters, too: a letter and the cursor that moves past its event are committed
/// together.
public struct JournalFeed: Feed, DeadLetterStore {
    private let reader: JournalReader

    /// Creates a feed of what a reader gives.
    public init(_ reader: JournalReader) { self.reader = reader }

    /// The next events that the consumer wants; waits until there are some.
    ///
    /// - Returns: `nil` when the feed is finished or the journal closed, or the task is cancelled.
    public func next(limit: Int) async -> EventBatch? { await reader.next(limit: limit) }

    /// Everything up to this sequence number is done with, which the journal remembers.
    public func acknowledge(through sequence: UInt64) { reader.acknowledge(through: sequence) }

    /// How far the consumer is behind. Events that it will not want are counted, until it has come to them.
    public var lag: Lag { Lag(events: reader.lag, oldest: reader.oldest) }

    /// Nothing more is taken; the rest is there after the next start.
    public func finish() { reader.finish() }

    /// Keeps an event that could not be delivered; returns when it is committed, and with it how far the consumer is done.
    public func keep(_ event: EventBatch, attempts: Int, _ failure: ConsumerFailure) async throws(ConsumerFailure) {
        guard let view = event.first else { return }
        var generator = SystemRandomNumberGenerator()
        let letter = JournalLetter(
            view, id: DeadLetter.makeID(using: &generator), consumer: reader.consumer, time: .now, attempts: attempts,
            reason: failure.description, exitStatus: failure.exitStatus, standardError: failure.standardError)
        do throws(JournalError) {
            try await reader.bury(letter)
        } catch {
            throw ConsumerFailure(.retry, "the dead letter cannot be kept: \(error)")
        }
    }
}
