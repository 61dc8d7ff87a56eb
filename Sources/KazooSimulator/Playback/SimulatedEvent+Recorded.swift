import Events

extension SimulatedEvent {
    /// Whether a recorded event says all that is needed to publish it again.
    static func isPublishable(_ event: EventView) -> Bool {
        event.line.data != nil && event.name != nil && event.routingKey?.isEmpty == false
    }

    /// An event as it was recorded, byte for byte.
    ///
    /// - Parameter round: How often the recording is played, this time included. Kazoo publishes nothing twice, and clients
    ///   take what has the id of another for its duplicate: from the second round on the number of the round stands behind
    ///   the `msg_id`.
    /// - Returns: `nil` when the event lacks what is needed to publish it.
    init?(recorded event: EventView, round: Int = 1) {
        guard Self.isPublishable(event), let data = event.line.data, let name = event.name,
            let nameRange = event.line.name, let routingKey = event.routingKey, let keyRange = event.line.routingKey
        else { return nil }
        // It came through Kazoo's encoding once.
        self.init(
            routingKey: routingKey, name: name, data: Self.data(of: event, data, round: round), breaksEncoding: false)
        literals = Literals(
            name: String(decoding: event.json[nameRange], as: UTF8.self),
            routingKey: String(decoding: event.json[keyRange], as: UTF8.self))
    }

    private static let messageID = JSONPath("data.msg_id")

    private static func data(of event: EventView, _ range: Range<Int>, round: Int) -> String {
        let bytes = event.json
        guard round > 1, let id = messageID.flatMap(event.value), bytes[id.lowerBound] == UInt8(ascii: "\"") else {
            return String(decoding: bytes[range], as: UTF8.self)
        }
        let end = id.upperBound - 1
        let text = bytes[range.lowerBound..<end] + "-\(round)".utf8 + bytes[end..<range.upperBound]
        return String(decoding: text, as: UTF8.self)
    }
}
