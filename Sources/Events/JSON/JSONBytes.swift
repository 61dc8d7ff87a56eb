import CSIMD

/// The bytes of a JSON text, and the steps that every walk over them is made of.
///
/// Nothing here reads beyond ``count``, whatever the bytes are; the walks that skip values assume that the text has
/// passed ``JSONScanner`` and give a meaningless, but harmless answer where it has not.
struct JSONBytes {
    /// The first byte.
    let base: UnsafeRawPointer
    /// How many bytes there are.
    let count: Int

    /// The bytes of `buffer`; `nil` when it is empty.
    init?(_ buffer: UnsafeRawBufferPointer) {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return nil }
        self.base = base
        count = buffer.count
    }

    /// The byte at `offset`, which must be less than ``count``.
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The offset of the first quotation mark, backslash or control character at or after `start`; ``count`` if none.
    ///
    /// 16 bytes a step: for single strings. ``StringEnds`` does the same for a whole text.
    @inline(never)
    func endOfPlainText(from start: Int) -> Int {
        var offset = start
        while offset &+ 16 <= count {
            let marks = kz_short_string_marks(base + offset)
            if marks != 0 { return offset &+ marks.trailingZeroBitCount }
            offset &+= 16
        }
        while offset < count {
            let byte = self[offset]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return offset }
            offset &+= 1
        }
        return count
    }

    /// The offset of the first byte at or after `start` that is not JSON whitespace; ``count`` if none.
    @inline(__always)
    func skipWhitespace(from start: Int) -> Int {
        var offset = start
        while offset < count, Self.isWhitespace(self[offset]) { offset &+= 1 }
        return offset
    }

    /// Space, tab, line feed, carriage return (RFC 8259 section 2).
    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The offset after the string whose opening quotation mark stands at `start`.
    func skipString(from start: Int) -> Int {
        var offset = start &+ 1
        while true {
            offset = endOfPlainText(from: offset)
            guard offset < count else { return count }
            switch self[offset] {
            case 0x22: return offset &+ 1
            case 0x5C: offset = min(offset &+ 2, count)
            default: offset &+= 1
            }
        }
    }

    /// The offset after the value that begins at `start`.
    func skipValue(from start: Int) -> Int {
        guard start < count else { return count }
        switch self[start] {
        case UInt8(ascii: "\""):
            return skipString(from: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return skipContainer(from: start)
        default:
            var offset = start
            while offset < count, !Self.endsScalar(self[offset]) { offset &+= 1 }
            return offset
        }
    }

    private func skipContainer(from start: Int) -> Int {
        var depth = 0
        var offset = start
        while offset < count {
            switch self[offset] {
            case UInt8(ascii: "\""):
                offset = skipString(from: offset)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth &-= 1
                if depth == 0 { return offset &+ 1 }
            default:
                break
            }
            offset &+= 1
        }
        return count
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || isWhitespace(byte)
    }
}
