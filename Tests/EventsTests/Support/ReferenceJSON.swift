/// A recogniser of JSON that follows the grammar of RFC 8259 rule by rule, recursively and byte by byte, to compare the
/// scanner with.
struct ReferenceJSON {
    /// A member of the top-level object: its key's raw text without quotation marks, and where its value stands.
    struct Member {
        var key: [UInt8]
        var value: Range<Int>
    }

    private struct NotJSON: Error {}

    private let bytes: [UInt8]
    private var offset = 0
    private var depth = 0
    private(set) var members: [Member] = []

    /// Reads a whole text; `nil` when it is not JSON.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        do {
            skipWhitespace()
            try value()
            skipWhitespace()
            guard offset == bytes.count else { return nil }
        } catch {
            return nil
        }
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func take(_ byte: Character) throws {
        guard current == byte.asciiValue else { throw NotJSON() }
        offset += 1
    }

    private mutating func skipWhitespace() {
        while let current, [0x20, 0x09, 0x0A, 0x0D].contains(current) { offset += 1 }
    }

    private mutating func value() throws {
        switch current.map({ Character(Unicode.Scalar($0)) }) {
        case "{": try object()
        case "[": try array()
        case "\"": try string()
        case "t": for letter in "true" { try take(letter) }
        case "f": for letter in "false" { try take(letter) }
        case "n": for letter in "null" { try take(letter) }
        default: try number()
        }
    }

    private mutating func object() throws {
        depth += 1
        defer { depth -= 1 }
        try take("{")
        skipWhitespace()
        if current == UInt8(ascii: "}") { return try take("}") }
        while true {
            skipWhitespace()
            let keyStart = offset
            try string()
            let key = Array(bytes[(keyStart + 1)..<(offset - 1)])
            skipWhitespace()
            try take(":")
            skipWhitespace()
            let valueStart = offset
            try value()
            if depth == 1 { members.append(Member(key: key, value: valueStart..<offset)) }
            skipWhitespace()
            if current == UInt8(ascii: "}") { return try take("}") }
            try take(",")
        }
    }

    private mutating func array() throws {
        depth += 1
        defer { depth -= 1 }
        try take("[")
        skipWhitespace()
        if current == UInt8(ascii: "]") { return try take("]") }
        while true {
            skipWhitespace()
            try value()
            skipWhitespace()
            if current == UInt8(ascii: "]") { return try take("]") }
            try take(",")
        }
    }

    private mutating func string() throws {
        try take("\"")
        while let byte = current {
            offset += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte < 0x20 { throw NotJSON() }
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        throw NotJSON()
    }

    private mutating func escape() throws {
        guard let byte = current else { throw NotJSON() }
        offset += 1
        if "\"\\/bfnrt".utf8.contains(byte) { return }
        guard byte == UInt8(ascii: "u") else { throw NotJSON() }
        for _ in 0..<4 {
            guard let digit = current, "0123456789abcdefABCDEF".utf8.contains(digit) else { throw NotJSON() }
            offset += 1
        }
    }

    private mutating func number() throws {
        if current == UInt8(ascii: "-") { offset += 1 }
        if current == UInt8(ascii: "0") { offset += 1 } else { try digits() }
        if current == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            offset += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
    }

    private mutating func digits() throws {
        guard let first = current, "0123456789".utf8.contains(first) else { throw NotJSON() }
        while let byte = current, "0123456789".utf8.contains(byte) { offset += 1 }
    }
}
