/// One line of a batch, and what its event says about itself.
///
/// A view is as cheap as the references it holds; each property reads the line's bytes again when asked.
public struct EventView: Sendable {
    let batch: EventBatch
    /// Where the line and its top-level values stand in the batch.
    public let line: EventBatch.Line

    init(batch: EventBatch, line: EventBatch.Line) {
        self.batch = batch
        self.line = line
    }

    /// The JSON text of the line, without the newline.
    public var json: ArraySlice<UInt8> { batch.bytes[line.range] }

    /// What the line holds.
    public var kind: EventBatch.Line.Kind { line.kind }

    /// The number of the line in the stream of its session.
    public var sequence: UInt64 { batch.firstSequence + UInt64(line.ordinal) }

    /// When the event was read from the socket.
    public var receivedAt: Timestamp {
        line.origin == 0 ? batch.receivedAt : batch.origins[Int(line.origin) - 1].receivedAt
    }

    /// The name of the connection that brought the event.
    public var connection: String {
        line.origin == 0 ? batch.connection : batch.origins[Int(line.origin) - 1].connection
    }

    /// The event's `name`, such as `CHANNEL_CREATE`.
    public var name: String? { string(line.name) }

    /// The AMQP routing key under which the event was published.
    public var routingKey: String? { string(line.routingKey) }

    /// The binding that brought the event, as Kazoo repeats it: presence bindings lose their prefix.
    public var subscribedKey: String? { string(line.subscribedKey) }

    /// The family of the event.
    public var family: EventFamily { EventFamily(routingKey: routingKey, subscribedKey: subscribedKey) }

    /// Kazoo's id of the published message.
    public var messageID: String? { identity.messageID.map(decoded) }

    /// What identifies an event, whichever subscription or connection brings it: `msg_id` and `routing_key`, joined by
    /// a plus sign; `nil` where the event lacks one of them.
    public var eventID: String? { names.eventID }

    /// ``eventID`` and ``accountID``, found in one walk over the event.
    public var names: (eventID: String?, accountID: String?) {
        let identity = identity
        let accountID = identity.accountID.map(decoded)
        guard let messageID = identity.messageID, let routingKey, !routingKey.isEmpty else { return (nil, accountID) }
        return (decoded(messageID) + "+" + routingKey, accountID)
    }

    /// A number that is the same for the same ``eventID`` as long as the program runs; `nil` where there is no id.
    ///
    /// 64 bits of a keyed hash: among 16,384 events the chance that two share one is about 10⁻¹¹.
    public var fingerprint: UInt64? {
        let fingerprint = batch.fingerprint(of: line)
        return fingerprint == 0 ? nil : fingerprint
    }

    /// The account that the event is about, where the event names it: `data.account_id`, or for calls
    /// `data.custom_channel_vars.account_id`.
    public var accountID: String? { identity.accountID.map(decoded) }

    /// What identifies the event and its account.
    var identity: EventIdentity {
        batch.bytes.withUnsafeBytes { EventIdentity(in: $0, data: line.data) }
    }

    /// What stands between the quotation marks of the routing key, its escapes not resolved.
    var routingKeyContent: Range<Int>? {
        guard let range = line.routingKey, range.count > 2, batch.bytes[range.lowerBound] == UInt8(ascii: "\"") else {
            return nil
        }
        return (range.lowerBound + 1)..<(range.upperBound - 1)
    }

    // MARK: Values

    /// Where in the batch's bytes the value stands that a path from the top of the event leads to.
    public func value(at path: JSONPath) -> Range<Int>? {
        batch.bytes.withUnsafeBytes { line.value(at: path, in: $0) }
    }

    /// The value at a path as text: strings decoded, everything else as its JSON; `nil` when there is none.
    public func text(at path: JSONPath) -> String? {
        guard let range = value(at: path) else { return nil }
        return string(range) ?? String(decoding: batch.bytes[range], as: UTF8.self)
    }

    /// The text of the string whose content, without quotation marks, stands at a range.
    private func decoded(_ content: Range<Int>) -> String {
        string((content.lowerBound - 1)..<(content.upperBound + 1)) ?? ""
    }

    /// The text of the string at a range; `nil` when there is no range or the value is no string.
    func string(_ range: Range<Int>?) -> String? {
        guard let range else { return nil }
        return batch.bytes.withUnsafeBytes { JSONString.decode(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
