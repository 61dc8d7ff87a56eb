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

    /// The text of the string at a range; `nil` when there is no range or the value is no string.
    func string(_ range: Range<Int>?) -> String? {
        guard let range else { return nil }
        return batch.bytes.withUnsafeBytes { JSONString.decode(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
