public import Events

/// A consumer that takes one event at a time, several side by side: a shell hook, a webhook.
///
/// It does the one thing that is its own. How many run at once, which must keep their order, retries with their pauses,
/// time limits, dead letters, lag and counters are the runner's (``EventRunner``).
public protocol EventConsumer: Sendable {
    /// Delivers one event. Called from several tasks at once; cancelled when the time limit has passed or the program is
    /// asked to stop and the grace period is over.
    ///
    /// - Parameters:
    ///   - event: a batch that holds this one line.
    ///   - attempt: 1 for the first.
    func deliver(_ event: EventBatch, attempt: Int) async throws(ConsumerFailure)
}
