/// The data of an event, written field by field in Kazoo's order.
struct EventText {
    private(set) var text = "{"

    init(capacity: Int = 2048) { text.reserveCapacity(capacity) }

    /// A string that needs escaping.
    mutating func add(_ key: StaticString, _ value: String) {
        addKey(key)
        text.appendJSONString(value)
    }

    mutating func add(_ key: StaticString, _ value: Int64) {
        addKey(key)
        text += String(value)
    }

    mutating func add(_ key: StaticString, _ value: Bool) {
        addKey(key)
        text += value ? "true" : "false"
    }

    /// A value that is JSON text already.
    mutating func add(_ key: StaticString, json: String) {
        addKey(key)
        text += json
    }

    /// What every event ends with, in the order of the application that publishes it.
    mutating func addTrailer(_ trailer: Trailer) {
        add("msg_id", trailer.messageID)
        add("event_name", trailer.name)
        add("event_category", trailer.category)
        add("app_version", trailer.version)
        add("app_name", trailer.application)
    }

    /// The same in the order of fax and presence.
    mutating func addReversedTrailer(_ trailer: Trailer) {
        add("event_category", trailer.category)
        add("event_name", trailer.name)
        add("app_name", trailer.application)
        add("app_version", trailer.version)
        add("msg_id", trailer.messageID)
    }

    /// The finished object.
    consuming func finish() -> String {
        text += "}"
        return text
    }

    private mutating func addKey(_ key: StaticString) {
        text += text.utf8.count > 1 ? ",\"" : "\""
        text += key.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        text += "\":"
    }

    /// The fields about the event itself.
    struct Trailer {
        var messageID: String
        var name: String
        var category: String
        var version: String
        var application: String
    }
}
