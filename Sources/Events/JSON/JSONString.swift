/// JSON strings, from and to Swift's.
public enum JSONString {
    /// The text of a JSON string.
    ///
    /// Escapes are resolved, surrogate pairs joined; a surrogate without its other half, which JSON allows and Unicode
    /// does not, becomes U+FFFD.
    ///
    /// - Parameter literal: the string with its quotation marks, as ``JSONScanner`` has accepted it.
    /// - Returns: the text; `nil` when the value is no string.
    public static func decode(_ literal: UnsafeRawBufferPointer) -> String? {
        guard let bytes = JSONBytes(literal), bytes.count >= 2, bytes[0] == UInt8(ascii: "\"") else { return nil }
        return decode(bytes, from: 0, to: bytes.count)
    }

    /// Writes a text as a JSON string, with its quotation marks.
    ///
    /// Only what must be escaped is: quotation mark, backslash and control characters.
    public static func encode(_ text: some StringProtocol, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var text = String(text)
        text.withUTF8 { text in
            guard let bytes = JSONBytes(UnsafeRawBufferPointer(text)) else { return }
            var offset = 0
            while true {
                let plainEnd = bytes.endOfPlainText(from: offset)
                output.append(contentsOf: text[offset..<plainEnd])
                guard plainEnd < text.count else { return }
                appendEscaped(text[plainEnd], to: &output)
                offset = plainEnd + 1
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// A text as a JSON string, with its quotation marks.
    public static func encode(_ text: some StringProtocol) -> String {
        var output: [UInt8] = []
        encode(text, into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
        case 0x08: output += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
        case 0x09: output += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case 0x0A: output += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case 0x0C: output += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
        case 0x0D: output += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case 0..<0x20:
            output += "\\u00".utf8
            output += [hexDigit(byte >> 4), hexDigit(byte & 15)]
        default: output.append(byte)
        }
    }

    // MARK: Decoding in place

    static func decode(_ bytes: JSONBytes, from start: Int, to end: Int) -> String {
        let plainEnd = bytes.endOfPlainText(from: start + 1)
        if plainEnd >= end - 1 {
            let text = UnsafeRawBufferPointer(start: bytes.base + start + 1, count: end - start - 2)
            return String(decoding: text, as: UTF8.self)
        }
        var text: [UInt8] = []
        text.reserveCapacity(end - start)
        decode(bytes, from: start, to: end, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the UTF-8 text of the string that stands, with its quotation marks, from `start` to `end`.
    static func decode(_ bytes: JSONBytes, from start: Int, to end: Int, into text: inout [UInt8]) {
        let last = max(start + 1, end - 1)
        var offset = start + 1
        while offset < last {
            let plainEnd = min(bytes.endOfPlainText(from: offset), last)
            text.append(contentsOf: UnsafeRawBufferPointer(start: bytes.base + offset, count: plainEnd - offset))
            offset = plainEnd
            guard offset + 1 < last else { return }
            offset = decodeEscape(bytes, at: offset, limit: last, into: &text)
        }
    }

    private static func decodeEscape(
        _ bytes: JSONBytes, at start: Int, limit: Int, into text: inout [UInt8]
    ) -> Int {
        let escape = bytes[start + 1]
        switch escape {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(bytes, at: start, limit: limit) else { return limit }
            if UTF16.isLeadSurrogate(unit), let trail = codeUnit(bytes, at: start + 6, limit: limit),
                UTF16.isTrailSurrogate(trail)
            {
                text.append(contentsOf: String(decoding: [unit, trail], as: UTF16.self).utf8)
                return start + 12
            }
            text.append(contentsOf: String(decoding: [unit], as: UTF16.self).utf8)
            return start + 6
        default: text.append(escape)
        }
        return start + 2
    }

    /// The code unit of the escape `\uXXXX` at `start`; `nil` when there is no such escape.
    private static func codeUnit(_ bytes: JSONBytes, at start: Int, limit: Int) -> UInt16? {
        guard start + 6 <= limit, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for offset in (start + 2)..<(start + 6) {
            guard let digit = hexValue(bytes[offset]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The value of a hexadecimal digit of either case.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lower-case hexadecimal digit of a value below 16.
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
