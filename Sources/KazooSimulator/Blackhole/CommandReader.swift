import Events

/// How Kazoo reads what a client sends: leniently, and in places oddly.
enum CommandReader {
    /// What a text message turned out to be.
    enum Outcome: Equatable {
        case command(JSONValue)
        /// Reading it crashes the session, which closes the socket with 1011.
        case crash
    }

    /// Reads a text message.
    ///
    /// Text that is not JSONValue counts as an empty object, but the decoder quotes 25 bytes of it in its log and crashes on
    /// anything shorter (`kz_json:decode/2`). Of the values that are no object only the empty list passes for one.
    static func read(_ message: [UInt8]) -> Outcome {
        switch JSONValue(reading: message) {
        case .object(let members): .command(.object(members))
        case .array([]): .command(.object([]))
        case nil where message.count >= 25: .command(.object([]))
        default: .crash
        }
    }

    /// A value as text, as `kz_json:get_ne_binary_value` gives it; `nil` when it is missing or empty.
    ///
    /// Numbers, booleans, `null` and objects become their JSONValue text; a list is joined as Erlang joins an iolist, in
    /// which numbers are bytes.
    static func text(_ value: JSONValue?) -> String? {
        let text =
            switch value {
            case nil: ""
            case .string(let text): text
            case .array: String(decoding: value.map(bytes) ?? [], as: UTF8.self)
            case .some(let other): other.json
            }
        return text.isEmpty ? nil : text
    }

    private static func bytes(of value: JSONValue) -> [UInt8] {
        switch value {
        case .array(let elements): elements.flatMap(bytes)
        case .number(let spelled): UInt8(spelled).map { [$0] } ?? []
        case .string(let text): Array(text.utf8)
        default: Array(value.json.utf8)
        }
    }
}
