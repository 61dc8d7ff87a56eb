/// The tokens of JSON, one function for each kind.
extension JSONScanner {
    /// The offset after the literal or number that begins at `start`.
    static func endOfScalar(_ bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        switch bytes[start] {
        case UInt8(ascii: "t"): try endOfLiteral("true", bytes, from: start)
        case UInt8(ascii: "f"): try endOfLiteral("false", bytes, from: start)
        case UInt8(ascii: "n"): try endOfLiteral("null", bytes, from: start)
        default: try endOfNumber(bytes, from: start)
        }
    }

    /// The offset after the string whose opening quotation mark stands at `start`, found byte by byte: for strings that
    /// hold an escape, or something wrong.
    @inline(never)
    static func endOfString(_ bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        var offset = bytes.endOfPlainText(from: start &+ 1)
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""): return offset &+ 1
            case UInt8(ascii: "\\"): offset = try endOfEscape(bytes, from: offset)
            default: throw JSONSyntaxError(reason: .controlCharacter, offset: offset)
            }
            offset = bytes.endOfPlainText(from: offset)
        }
        throw JSONSyntaxError(reason: .unexpectedEnd, offset: bytes.count)
    }

    @inline(__always)
    private static func endOfEscape(_ bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        guard start &+ 1 < bytes.count else { throw JSONSyntaxError(reason: .unexpectedEnd, offset: bytes.count) }
        switch bytes[start &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start &+ 2
        case UInt8(ascii: "u"):
            for offset in (start &+ 2)..<(start &+ 6) {
                guard offset < bytes.count else {
                    throw JSONSyntaxError(reason: .unexpectedEnd, offset: bytes.count)
                }
                guard JSONString.hexValue(bytes[offset]) != nil else {
                    throw JSONSyntaxError(reason: .invalidEscape, offset: offset)
                }
            }
            return start &+ 6
        default:
            throw JSONSyntaxError(reason: .invalidEscape, offset: start)
        }
    }

    @inline(__always)
    private static func endOfLiteral(
        _ literal: StaticString, _ bytes: JSONBytes, from start: Int
    ) throws(JSONSyntaxError) -> Int {
        guard bytes.holds(literal, at: start) else {
            throw JSONSyntaxError(reason: .unexpectedByte, offset: start)
        }
        return start &+ literal.utf8CodeUnitCount
    }

    /// The offset after the number that begins at `start` (RFC 8259 section 6).
    @inline(__always)
    private static func endOfNumber(_ bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        if bytes[offset] == UInt8(ascii: "-") { offset &+= 1 }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "0") {
            offset &+= 1
        } else {
            offset = try endOfDigits(bytes, from: offset)
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset = try endOfDigits(bytes, from: offset &+ 1)
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset &+= 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset &+= 1
            }
            offset = try endOfDigits(bytes, from: offset)
        }
        return offset
    }

    @inline(__always)
    private static func endOfDigits(_ bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") < 10 { offset &+= 1 }
        if offset > start { return offset }
        throw JSONSyntaxError(reason: offset < bytes.count ? .unexpectedByte : .unexpectedEnd, offset: offset)
    }
}
