import Events

/// One event as Kazoo publishes it inside the cluster; each subscription that matches makes one frame of it.
public struct SimulatedEvent: Equatable, Sendable {
    /// The words under which it is published, such as `call.ACCOUNT.CHANNEL_CREATE.CALLID`.
    public var routingKey: String { didSet { literals = nil } }
    /// The name in the frame, such as `CHANNEL_CREATE` or `doc_edited`.
    public var name: String { didSet { literals = nil } }
    /// The event itself: a JSONValue object as text.
    public var data: String
    /// Whether a key of the data breaks Kazoo's own encoding, which closes every session that would get the event.
    ///
    /// Kazoo lower-cases keys byte by byte as if they were Latin-1, so a letter such as `ü` in a key becomes invalid
    /// UTF-8 and the encoder crashes.
    public var breaksEncoding: Bool
    /// How a recorded event spells its name and its routing key; `nil` where they are written as Kazoo writes them.
    var literals: Literals?

    /// JSON strings, with their quotation marks.
    struct Literals: Equatable, Sendable {
        var name: String
        var routingKey: String
    }

    /// Creates an event and looks whether its keys break Kazoo's encoding.
    public init(routingKey: String, name: String, data: String) {
        self.init(routingKey: routingKey, name: name, data: data, breaksEncoding: Self.hasBreakingKey(data))
    }

    init(routingKey: String, name: String, data: String, breaksEncoding: Bool) {
        self.routingKey = routingKey
        self.name = name
        self.data = data
        self.breaksEncoding = breaksEncoding
    }

    /// The rest of a frame after what differs between subscriptions.
    var frameTail: String {
        var tail = ""
        tail.reserveCapacity(data.utf8.count + routingKey.utf8.count + 64)
        tail += ",\"name\":"
        tail += literals?.name ?? Self.quoted(name)
        tail += ",\"routing_key\":"
        tail += literals?.routingKey ?? Self.quoted(routingKey)
        tail += ",\"data\":"
        tail += data
        tail += "}"
        return tail
    }

    private static func quoted(_ text: String) -> String {
        text.isPlainInJSON ? "\"\(text)\"" : JSONString.encode(text)
    }

    private static func hasBreakingKey(_ data: String) -> Bool {
        guard data.utf8.contains(where: isLatin1Capital) else { return false }
        return JSONValue(reading: Array(data.utf8)).map(hasBreakingKey) ?? false
    }

    private static func hasBreakingKey(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members):
            members.contains { $0.key.utf8.contains(where: isLatin1Capital) || hasBreakingKey($0.value) }
        case .array(let elements): elements.contains(where: hasBreakingKey)
        default: false
        }
    }

    /// `À` to `Þ` in Latin-1, which Kazoo's lower-casing changes.
    private static func isLatin1Capital(_ byte: UInt8) -> Bool {
        (0xC0...0xDE).contains(byte) && byte != 0xD7
    }
}
