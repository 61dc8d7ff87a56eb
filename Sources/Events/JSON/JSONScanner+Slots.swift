extension JSONScanner {
    /// The top-level keys that the scanner looks for.
    enum Slot: UInt8 {
        case action, subscribedKey, subscriptionKey, name, routingKey, data, requestID, status
        /// Any other key.
        case none
    }

    /// Where the values of the known top-level keys stand.
    struct Slots: Equatable, Sendable {
        /// By the slot's raw value; that of ``Slot/none`` means nothing.
        private var ranges = InlineArray<9, ByteRange>(repeating: .absent)

        /// Where the value of a key stands.
        @inline(__always)
        subscript(slot: Slot) -> ByteRange { ranges[Int(slot.rawValue)] }

        /// Remembers the value of a key, unless the key has occurred before.
        @inline(__always)
        mutating func record(_ slot: Slot, from start: Int, to end: Int) {
            guard self[slot] == .absent else { return }
            ranges[Int(slot.rawValue)] = ByteRange(
                lower: UInt32(truncatingIfNeeded: start), upper: UInt32(truncatingIfNeeded: end))
        }

        /// Forgets all values.
        @inline(__always)
        mutating func clear() {
            for slot in ranges.indices { ranges[slot] = .absent }
        }

        static func == (one: Slots, other: Slots) -> Bool {
            (0..<Slot.none.rawValue).allSatisfy { one.ranges[Int($0)] == other.ranges[Int($0)] }
        }
    }

    /// The slot of the key that stands, with its quotation marks, from `start` to `end`.
    @inline(__always)
    static func slot(ofKeyIn bytes: JSONBytes, from start: Int, to end: Int) -> Slot {
        let name = start &+ 1
        switch end &- start &- 2 {
        case 4:
            if bytes.holds("name", at: name) { return .name }
            if bytes.holds("data", at: name) { return .data }
        case 6:
            if bytes.holds("action", at: name) { return .action }
            if bytes.holds("status", at: name) { return .status }
        case 10: if bytes.holds("request_id", at: name) { return .requestID }
        case 11: if bytes.holds("routing_key", at: name) { return .routingKey }
        case 14: if bytes.holds("subscribed_key", at: name) { return .subscribedKey }
        case 16: if bytes.holds("subscription_key", at: name) { return .subscriptionKey }
        default: break
        }
        return slot(ofOtherKeyIn: bytes, from: start, to: end)
    }

    @inline(never)
    private static func slot(ofOtherKeyIn bytes: JSONBytes, from start: Int, to end: Int) -> Slot {
        guard bytes.endOfPlainText(from: start &+ 1) != end &- 1 else { return .none }
        return slot(escaped: JSONString.decode(bytes, from: start, to: end))
    }

    /// The slot of a key that is written with escapes, such as `"n\u0061me"`: legal, rare, and allowed to cost more.
    private static func slot(escaped key: String) -> Slot {
        switch key {
        case "action": .action
        case "subscribed_key": .subscribedKey
        case "subscription_key": .subscriptionKey
        case "name": .name
        case "routing_key": .routingKey
        case "data": .data
        case "request_id": .requestID
        case "status": .status
        default: .none
        }
    }
}

extension JSONBytes {
    /// Whether the bytes at `offset` are those of `text`, which must be ASCII.
    ///
    /// Compared in as few words as its length allows; the last one may overlap the one before.
    @inline(__always)
    func holds(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset &+ length <= count else { return false }
        let place = base + offset
        let text = UnsafeRawPointer(text.utf8Start)
        if length >= 8 {
            var position = 0
            while position &+ 8 < length {
                guard Self.areEqual(place + position, text + position, as: UInt64.self) else { return false }
                position &+= 8
            }
            return Self.areEqual(place + (length &- 8), text + (length &- 8), as: UInt64.self)
        }
        if length >= 4 {
            return Self.areEqual(place, text, as: UInt32.self)
                && Self.areEqual(place + (length &- 4), text + (length &- 4), as: UInt32.self)
        }
        var position = 0
        while position < length {
            guard Self.areEqual(place + position, text + position, as: UInt8.self) else { return false }
            position &+= 1
        }
        return true
    }

    /// Whether the bytes at `offset` are those of `pair`, which is two ASCII characters.
    @inline(__always)
    func holdsPair(_ pair: StaticString, at offset: Int) -> Bool {
        offset &+ 2 <= count && Self.areEqual(base + offset, UnsafeRawPointer(pair.utf8Start), as: UInt16.self)
    }

    @inline(__always)
    private static func areEqual<Word: FixedWidthInteger & BitwiseCopyable>(
        _ one: UnsafeRawPointer, _ other: UnsafeRawPointer, as word: Word.Type
    ) -> Bool {
        one.loadUnaligned(as: word) == other.loadUnaligned(as: word)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes at a range, which must lie within, are those of `text`, which must be ASCII.
    package func holds(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount, let bytes = JSONBytes(self) else { return false }
        return bytes.holds(text, at: range.lowerBound)
    }
}
