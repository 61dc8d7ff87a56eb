public import Events

/// Events that were dropped because nobody took them in time.
public struct Loss: Equatable, Sendable {
    /// How many.
    public var events: Int
    /// When the first of them was received.
    public var from: Timestamp
    /// When the last of them was received.
    public var to: Timestamp
}

extension Loss? {
    /// The same with one chunk more.
    func adding(_ chunk: Backlog.Chunk) -> Loss? {
        guard chunk.events > 0 else { return self }
        guard let self else { return Loss(events: chunk.events, from: chunk.receivedAt, to: chunk.receivedAt) }
        return Loss(
            events: self.events + chunk.events, from: Swift.min(self.from, chunk.receivedAt),
            to: Swift.max(self.to, chunk.receivedAt))
    }
}
