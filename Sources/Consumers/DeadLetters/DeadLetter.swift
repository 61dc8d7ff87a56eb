public import Events
import Journal

/// An event that could not be delivered, with what is known about why.
public struct DeadLetter: Equatable, Sendable {
    /// What it is called: ten letters and digits, drawn by chance.
    public let id: String
    /// When it was given up.
    public var time: Timestamp
    /// Which consumer gave it up.
    public var consumer: String
    /// How often it was tried.
    public var attempts: Int
    /// Why it was given up.
    public var reason: String
    /// The exit status of the hook's last run; `nil` where there is none.
    public var exitStatus: Int32?
    /// The end of what the hook said on standard error, at most 4 KiB.
    public var standardError: String?
    /// The number of the event in the stream of its session.
    public var sequence: UInt64
    /// When the event was received.
    public var receivedAt: Timestamp
    /// The name of the connection that brought it.
    public var connection: String
    /// The event, as Kazoo sent it; `nil` where it was too long to be kept.
    public var event: [UInt8]?

    /// How long an event may be to be kept, in bytes.
    public static let eventLimit = 16 << 20

    /// Creates a letter.
    init(_ event: EventView, consumer: String, attempts: Int, failure: ConsumerFailure, id: String, time: Timestamp) {
        self.id = id
        self.time = time
        self.consumer = consumer
        self.attempts = attempts
        reason = failure.description
        exitStatus = failure.exitStatus
        standardError = failure.standardError
        sequence = event.sequence
        receivedAt = event.receivedAt
        connection = event.connection
        self.event = event.json.count <= Self.eventLimit ? Array(event.json) : nil
    }

    /// A letter that the journal keeps.
    init(_ letter: JournalLetter) {
        id = letter.id
        time = letter.time
        consumer = letter.consumer
        attempts = letter.attempts
        reason = letter.reason
        exitStatus = letter.exitStatus
        standardError = letter.standardError
        sequence = letter.sequence
        receivedAt = letter.receivedAt
        connection = letter.connection
        event = letter.event
    }

    /// The event as the consumer got it; `nil` where it was not kept.
    public var batch: EventBatch? {
        guard let event else { return nil }
        var batch = EventBatch(receivedAt: receivedAt, connection: connection, firstSequence: sequence)
        do {
            try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        } catch {
            // A line of a letter is JSON as a whole, and so is the event in it.
            return nil
        }
        return batch
    }

    /// A name that no other letter is likely to have: 50 random bits, without letters that look like digits.
    static func makeID(using generator: inout some RandomNumberGenerator) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return String((0..<10).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}
