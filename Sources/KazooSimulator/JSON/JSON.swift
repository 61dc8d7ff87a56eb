/// A JSON value that keeps the order of its members and the spelling of its numbers.
///
/// Kazoo's replies are compared byte for byte with recordings of the real server, so nothing may be reordered.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was spelled.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One key and its value.
    struct Member: Equatable, Sendable {
        var key: String
        var value: JSON
    }

    static let emptyObject = JSON.object([])

    /// The first value of the key, as Kazoo reads duplicate keys; `nil` for a missing key or a value that is no object.
    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a JSON string; `nil` for any other value.
    var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The keys of an object, in order; empty for any other value.
    var keys: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.key)
    }

    /// The compact text, as Kazoo writes it.
    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    /// Appends the compact text: no white space, `/` and non-ASCII letters unescaped.
    func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let spelled): text += spelled
        case .string(let value): text.appendJSONString(value)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                text.appendJSONString(member.key)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(integerLiteral value: Int) { self = .number(String(value)) }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }

    init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension String {
    /// Appends a JSON string literal: quotes, backslashes and control characters escaped, all else raw.
    mutating func appendJSONString(_ value: String) {
        self += "\""
        var rest = value.utf8[...]
        while let index = rest.firstIndex(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            self += Substring(rest[..<index])
            switch rest[index] {
            case 0x22: self += "\\\""
            case 0x5C: self += "\\\\"
            case 0x08: self += "\\b"
            case 0x09: self += "\\t"
            case 0x0A: self += "\\n"
            case 0x0C: self += "\\f"
            case 0x0D: self += "\\r"
            case let control:
                self += control < 0x10 ? "\\u000" : "\\u00"
                self += String(control, radix: 16)
            }
            rest = rest[rest.index(after: index)...]
        }
        self += Substring(rest)
        self += "\""
    }
}
