/// `{"seq":…,"received_at":…,"id":…,"account_id":…,"connection":…,"event":{…}}`, the event byte for byte.
struct EnvelopeFormat: LineFormat {
    func append(_ event: EventView, to output: inout [UInt8]) {
        var object = JSONWriter()
        object.append("seq", event.sequence, to: &output)
        object.append("received_at", event.receivedAt, to: &output)
        object.append("id", event.eventID, to: &output)
        object.append("account_id", event.accountID, to: &output)
        object.append("connection", event.connection.isEmpty ? nil : event.connection, to: &output)
        object.append("event", raw: event.json, to: &output)
        object.finishLine(&output)
    }
}
