public import Events

/// An event that a consumer could not take, with what is known about why.
public struct JournalLetter: Equatable, Sendable {
    /// What the letter is called.
    public var id: String
    /// Which consumer gave the event up.
    public var consumer: String
    /// The number of the event in the journal.
    public var sequence: UInt64
    /// When it was given up.
    public var time: Timestamp
    /// How often it was tried.
    public var attempts: Int
    /// Why it was given up.
    public var reason: String
    /// The exit status of the hook's last run; `nil` where there is none.
    public var exitStatus: Int32?
    /// The end of what the hook said on standard error.
    public var standardError: String?
    /// When the event was received.
    public var receivedAt: Timestamp
    /// The name of the connection that brought it.
    public var connection: String
    /// The event, as Kazoo sent it.
    public var event: [UInt8]

    /// Creates a letter about an event.
    public init(
        _ event: EventView, id: String, consumer: String, time: Timestamp, attempts: Int, reason: String,
        exitStatus: Int32? = nil, standardError: String? = nil
    ) {
        self.id = id
        self.consumer = consumer
        sequence = event.sequence
        self.time = time
        self.attempts = attempts
        self.reason = reason
        self.exitStatus = exitStatus
        self.standardError = standardError
        receivedAt = event.receivedAt
        connection = event.connection
        self.event = Array(event.json)
    }

    init(
        id: String, consumer: String, sequence: UInt64, time: Timestamp, attempts: Int, reason: String,
        exitStatus: Int32?, standardError: String?, receivedAt: Timestamp, connection: String, event: [UInt8]
    ) {
        self.id = id
        self.consumer = consumer
        self.sequence = sequence
        self.time = time
        self.attempts = attempts
        self.reason = reason
        self.exitStatus = exitStatus
        self.standardError = standardError
        self.receivedAt = receivedAt
        self.connection = connection
        self.event = event
    }
}
