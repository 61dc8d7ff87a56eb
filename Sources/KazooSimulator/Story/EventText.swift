import Events

/// The data of an event, written field by field in Kazoo's order.
struct EventText {
    private var bytes = [UInt8(ascii: "{")]

    /// Fields that many events share, written once.
    struct Run: Sendable {
        fileprivate let bytes: ArraySlice<UInt8>

        init(_ write: (inout EventText) -> Void) {
            var text = EventText(capacity: 512)
            write(&text)
            bytes = text.bytes.dropFirst()
        }
    }

    init(capacity: Int = 2048) { bytes.reserveCapacity(capacity) }

    mutating func add(_ key: StaticString, _ value: String) {
        addKey(key)
        guard value.isPlainInJSON else { return JSONString.encode(value, into: &bytes) }
        bytes.append(UInt8(ascii: "\""))
        bytes += value.utf8
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ key: StaticString, _ value: Int64) {
        addKey(key)
        bytes += String(value).utf8
    }

    mutating func add(_ key: StaticString, _ value: Bool) {
        addKey(key)
        bytes += (value ? "true" : "false").utf8
    }

    /// A value that is JSON text already.
    mutating func add(_ key: StaticString, json: String) {
        addKey(key)
        bytes += json.utf8
    }

    mutating func add(_ run: Run) {
        addComma()
        bytes += run.bytes
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
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func addComma() {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func addKey(_ key: StaticString) {
        addComma()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
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

extension String {
    /// Whether nothing of the text needs escaping in JSON, which is the usual case and much faster written.
    var isPlainInJSON: Bool {
        var text = self
        return text.withUTF8 { bytes in
            bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
    }
}
