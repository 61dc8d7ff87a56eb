public import Events

/// An interval in which events are missing, or may be.
public struct JournalGap: Equatable, Sendable {
    /// When it begins.
    public var from: Timestamp
    /// When it ends.
    public var to: Timestamp
    /// Why, in one word, such as `connection_lost`.
    public var reason: String
    /// How many events are missing; `nil` where nobody knows.
    public var events: Int?
    /// Whose gap it is; `nil` when it is everybody's.
    public var consumer: String?
    /// The line that tells of it in the stream: `{"action":"gap",…}`.
    public var notice: JSONValue

    /// Creates a gap.
    ///
    /// - Parameter notice: the line that tells of it; `nil` for one that tells what is given here.
    public init(
        from: Timestamp, to: Timestamp, reason: String, events: Int? = nil, consumer: String? = nil,
        notice: JSONValue? = nil
    ) {
        self.from = from
        self.to = to
        self.reason = reason
        self.events = events
        self.consumer = consumer
        self.notice = notice ?? Self.notice(from: from, to: to, reason: reason, events: events)
    }

    private static func notice(from: Timestamp, to: Timestamp, reason: String, events: Int?) -> JSONValue {
        [
            "action": "gap",
            "from": .string(from.description),
            "to": .string(to.description),
            "reason": .string(reason),
            "events": events.map { .number(String($0)) } ?? .null,
        ]
    }

    /// The program had no room for the events while the disk did not take them.
    static let dropped = "dropped"
    /// The journal had to give up events to stay within its size.
    static let retention = "retention"
    /// The journal was damaged, and the events could not be read any more.
    static let damage = "damage"
}
