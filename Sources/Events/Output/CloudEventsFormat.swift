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
    /// ``source`` with `/accounts/` behind it, escaped for JSON.
    private let accountsSource: [UInt8]

    init(host: String) {
        source = "kazoo://" + host
        accountsSource = Array(JSONString.encode(source + "/accounts/").utf8.dropFirst().dropLast())
    }

    func append(_ event: EventView, to output: inout [UInt8]) {
        let bytes = event.batch.bytes
        let routingKey = event.routingKeyContent
        var object = JSONWriter()
        object.append("specversion", "1.0", to: &output)
        if let messageID = event.messageIDContent, let routingKey {
            object.append("id", escaped: bytes[messageID], [UInt8(ascii: "+")], bytes[routingKey], to: &output)
        } else {
            object.append("id", "\(event.receivedAt.microseconds)-\(event.sequence)", to: &output)
        }
        if let accountID = event.accountIDContent {
            object.append("source", escaped: accountsSource[...], bytes[accountID], to: &output)
        } else {
            object.append("source", source, to: &output)
        }
        object.append("type", Self.type(of: event), to: &output)
        object.append("time", event.receivedAt, to: &output)
        if let routingKey { object.append("subject", escaped: bytes[routingKey], to: &output) }
        object.append("datacontenttype", "application/json", to: &output)
        object.append("data", raw: event.line.data.map { bytes[$0] } ?? event.json, to: &output)
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
