/// `{"seq":…,"received_at":…,"id":…,"account_id":…,"connection":…,"event":{…}}`, the event byte for byte.
struct EnvelopeFormat: LineFormat {
    func append(_ event: EventView, to output: inout [UInt8]) {
        var object = JSONWriter()
        if event.kind == .notice {
            // A line of the tool's own is no event, and takes no number from one.
            object.appendNull("seq", to: &output)
        } else {
            object.append("seq", event.sequence, to: &output)
        }
        object.append("received_at", event.receivedAt, to: &output)
        if let messageID = event.messageIDContent, let routingKey = event.routingKeyContent {
            object.append(
                "id", escaped: event.batch.bytes[messageID], [UInt8(ascii: "+")], event.batch.bytes[routingKey],
                to: &output)
        } else {
            object.appendNull("id", to: &output)
        }
        if let accountID = event.accountIDContent {
            object.append("account_id", escaped: event.batch.bytes[accountID], to: &output)
        } else {
            object.appendNull("account_id", to: &output)
        }
        if event.connection.isEmpty {
            object.appendNull("connection", to: &output)
        } else {
            object.append("connection", event.connection, to: &output)
        }
        object.append("event", raw: event.json, to: &output)
        object.finishLine(&output)
    }
}
