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
    /// The same with some events more.
    func adding(_ events: Int, receivedAt: Timestamp) -> Loss? {
        adding(Loss(events: events, from: receivedAt, to: receivedAt))
    }

    /// Both in one.
    func adding(_ other: Loss?) -> Loss? {
        guard let other, other.events > 0 else { return self }
        guard let self else { return other }
        return Loss(
            events: self.events + other.events, from: Swift.min(self.from, other.from),
            to: Swift.max(self.to, other.to))
    }
}
