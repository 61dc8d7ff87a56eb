public import Events

/// Where events go that a consumer could not deliver.
public protocol DeadLetterStore: Sendable {
    /// Keeps an event; returns when it is safe to forget it.
    ///
    /// - Parameters:
    ///   - event: a batch that holds this one line.
    ///   - attempts: how often it was tried.
    ///   - failure: why it was given up.
    /// - Throws: why it could not be kept; it is offered again later.
    func keep(_ event: EventBatch, attempts: Int, _ failure: ConsumerFailure) async throws(ConsumerFailure)
}
