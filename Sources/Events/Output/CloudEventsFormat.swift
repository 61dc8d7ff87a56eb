/// CloudEvents 1.0 in structured JSON (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
///
/// - `id` is the event's id, so that a repeated delivery is recognised. Where Kazoo gives the event no `msg_id` it is
///   `<received_at in µs>-<seq>`.
/// - `source` is `kazoo://HOST/accounts/ID`, or `kazoo://HOST` when the event does not name its account.
/// - `type` is `com.2600hz.kazoo.<family>.<name>`, the name as Kazoo writes it.
/// - `time` is when the event was received: the envelope of an event has no time of its own.
/// - `data` is the event's `data`; of a line that is no event, the whole line.
struct CloudEventsFormat: LineFormat {
    private static let typePrefix = "com.2600hz.kazoo."
    private let source: String

    init(host: String) {
        source = "kazoo://" + host
    }

    func append(_ event: EventView, to output: inout [UInt8]) {
        var object = JSONWriter()
        object.append("specversion", "1.0", to: &output)
        object.append("id", event.eventID ?? "\(event.receivedAt.microseconds)-\(event.sequence)", to: &output)
        object.append("source", event.accountID.map { "\(source)/accounts/\($0)" } ?? source, to: &output)
        object.append("type", Self.type(of: event), to: &output)
        object.append("time", event.receivedAt, to: &output)
        if let routingKey = event.routingKey { object.append("subject", routingKey, to: &output) }
        object.append("datacontenttype", "application/json", to: &output)
        object.append("data", raw: event.line.data.map { event.batch.bytes[$0] } ?? event.json, to: &output)
        object.finishLine(&output)
    }

    private static func type(of event: EventView) -> String {
        switch event.kind {
        case .event: typePrefix + [event.family.description, event.name].compactMap { $0 }.joined(separator: ".")
        case .invalid: typePrefix + "invalid"
        case .notice: typePrefix + (event.text(at: .action) ?? "notice")
        }
    }
}

extension JSONPath {
    static let action = JSONPath(known: "action")
}
