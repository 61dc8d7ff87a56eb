extension JSONScanner {
    /// The containers that are open around a position: one bit each, set for an object.
    private struct Nesting {
        private var objects = InlineArray<8, UInt64>(repeating: 0)
        private(set) var depth = 0

        @inline(__always)
        mutating func push(isObject: Bool) {
            let (word, bit) = (depth >> 6, UInt64(1) << UInt64(depth & 63))
            if isObject { objects[word] |= bit } else { objects[word] &= ~bit }
            depth &+= 1
        }

        /// Leaves the innermost container and says whether the one around it is an object.
        @inline(__always)
        mutating func pop() -> Bool {
            depth &-= 1
            guard depth > 0 else { return false }
            let outer = depth &- 1
            return objects[outer >> 6] & (1 << UInt64(outer & 63)) != 0
        }
    }

    /// Walks over the whole text; each turn of the outer loop reads one value, the inner one what follows it.
    static func scanValue(_ bytes: JSONBytes, depthLimit: Int, into index: inout Index) throws(JSONSyntaxError) {
        var nesting = Nesting()
        var inObject = false
        var slot = Slot.none
        var slotStart = 0
        var offset = try nextToken(bytes, from: 0, &index)

        value: while true {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset = try endOfString(bytes, from: offset)
            case UInt8(ascii: "{"):
                guard nesting.depth < depthLimit else { throw JSONSyntaxError(reason: .tooDeep, offset: offset) }
                if nesting.depth == 0 { index.isObject = true }
                nesting.push(isObject: true)
                inObject = true
                offset = try nextToken(bytes, from: offset &+ 1, &index)
                if bytes[offset] != UInt8(ascii: "}") {
                    offset = try scanKey(bytes, from: offset, depth: nesting.depth, &slot, &slotStart, &index)
                    continue value
                }
                inObject = nesting.pop()
                offset &+= 1
            case UInt8(ascii: "["):
                guard nesting.depth < depthLimit else { throw JSONSyntaxError(reason: .tooDeep, offset: offset) }
                nesting.push(isObject: false)
                inObject = false
                offset = try nextToken(bytes, from: offset &+ 1, &index)
                if bytes[offset] != UInt8(ascii: "]") { continue value }
                inObject = nesting.pop()
                offset &+= 1
            case UInt8(ascii: "t"):
                offset = try endOfLiteral("true", bytes, from: offset)
            case UInt8(ascii: "f"):
                offset = try endOfLiteral("false", bytes, from: offset)
            case UInt8(ascii: "n"):
                offset = try endOfLiteral("null", bytes, from: offset)
            default:
                offset = try endOfNumber(bytes, from: offset)
            }

            // A value has ended at `offset`. What follows it closes containers, or leads to the next value.
            while true {
                if nesting.depth <= 1 {
                    if nesting.depth == 0 {
                        offset = skipWhitespace(bytes, from: offset, &index)
                        guard offset == bytes.count else {
                            throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
                        }
                        return
                    }
                    if slot != .none {
                        index.slots.record(slot, from: slotStart, to: offset)
                        slot = .none
                    }
                }
                offset = try nextToken(bytes, from: offset, &index)
                switch bytes[offset] {
                case UInt8(ascii: ","):
                    offset = try nextToken(bytes, from: offset &+ 1, &index)
                    if inObject {
                        offset = try scanKey(bytes, from: offset, depth: nesting.depth, &slot, &slotStart, &index)
                    }
                    continue value
                case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
                    inObject = nesting.pop()
                    offset &+= 1
                default:
                    throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
                }
            }
        }
    }

    /// Reads a key and its colon, and gives the offset of the value; at the top level, remembers which key it is.
    @inline(__always)
    private static func scanKey(
        _ bytes: JSONBytes, from start: Int, depth: Int,
        _ slot: inout Slot, _ slotStart: inout Int, _ index: inout Index
    ) throws(JSONSyntaxError) -> Int {
        guard bytes[start] == UInt8(ascii: "\"") else {
            throw JSONSyntaxError(reason: .unexpectedByte, offset: start)
        }
        let end = try endOfString(bytes, from: start)
        var offset = try nextToken(bytes, from: end, &index)
        guard bytes[offset] == UInt8(ascii: ":") else {
            throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
        }
        offset = try nextToken(bytes, from: offset &+ 1, &index)
        if depth == 1 {
            slot = topLevelSlot(bytes, from: start, to: end)
            slotStart = offset
        } else if depth == 2, slot == .data, end &- start == 8, index.messageIDStart == 0, index.slots.data == .absent,
            bytes.holds("\"msg_id\"", at: start)
        {
            index.messageIDStart = UInt32(truncatingIfNeeded: offset)
        }
        return offset
    }

    @inline(never)
    private static func topLevelSlot(_ bytes: JSONBytes, from start: Int, to end: Int) -> Slot {
        let slot = slot(in: bytes, from: start, to: end)
        guard slot == .none, bytes.endOfPlainText(from: start + 1) != end - 1 else { return slot }
        return Self.slot(escaped: JSONString.decode(bytes, from: start, to: end))
    }

    // MARK: Tokens

    /// The offset of the next byte that is no whitespace; the text may not end before it.
    @inline(__always)
    private static func nextToken(
        _ bytes: JSONBytes, from start: Int, _ index: inout Index
    ) throws(JSONSyntaxError) -> Int {
        if start < bytes.count, bytes[start] > 0x20 { return start }
        let offset = skipWhitespace(bytes, from: start, &index)
        guard offset < bytes.count else { throw JSONSyntaxError(reason: .unexpectedEnd, offset: bytes.count) }
        return offset
    }

    @inline(never)
    private static func skipWhitespace(_ bytes: JSONBytes, from start: Int, _ index: inout Index) -> Int {
        var offset = start
        while offset < bytes.count, JSONBytes.isWhitespace(bytes[offset]) {
            if bytes[offset] == 0x0A || bytes[offset] == 0x0D { index.hasLineBreaks = true }
            offset &+= 1
        }
        return offset
    }

    /// The offset after the string whose opening quotation mark stands at `start`.
    @inline(__always)
    private static func endOfString(_ bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        let offset = bytes.endOfPlainText(from: start &+ 1)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") { return offset &+ 1 }
        return try endOfEscapedString(bytes, at: offset)
    }

    /// The same for a string that holds an escape, the first of which stands at `start`; or that is wrong there.
    @inline(never)
    private static func endOfEscapedString(_ bytes: JSONBytes, at start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
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
