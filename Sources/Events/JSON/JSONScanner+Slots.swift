extension JSONScanner {
    /// The top-level keys that the scanner looks for.
    enum Slot: UInt8 {
        case none, action, subscribedKey, subscriptionKey, name, routingKey, data, requestID, status
    }

    /// Where the values of the known top-level keys stand.
    struct Slots: Equatable, Sendable {
        var action = ByteRange.absent
        var subscribedKey = ByteRange.absent
        var subscriptionKey = ByteRange.absent
        var name = ByteRange.absent
        var routingKey = ByteRange.absent
        var data = ByteRange.absent
        var requestID = ByteRange.absent
        var status = ByteRange.absent

        /// Remembers the value of a key, unless the key has occurred before.
        mutating func record(_ slot: Slot, from start: Int, to end: Int) {
            let range = ByteRange(lower: UInt32(truncatingIfNeeded: start), upper: UInt32(truncatingIfNeeded: end))
            switch slot {
            case .none: break
            case .action: Self.keepFirst(&action, range)
            case .subscribedKey: Self.keepFirst(&subscribedKey, range)
            case .subscriptionKey: Self.keepFirst(&subscriptionKey, range)
            case .name: Self.keepFirst(&name, range)
            case .routingKey: Self.keepFirst(&routingKey, range)
            case .data: Self.keepFirst(&data, range)
            case .requestID: Self.keepFirst(&requestID, range)
            case .status: Self.keepFirst(&status, range)
            }
        }

        @inline(__always)
        private static func keepFirst(_ kept: inout ByteRange, _ range: ByteRange) {
            if kept == .absent { kept = range }
        }
    }

    /// The slot of the key that stands, with its quotation marks, from `start` to `end`.
    static func slot(in bytes: JSONBytes, from start: Int, to end: Int) -> Slot {
        let candidate: Slot
        let name: StaticString
        switch end - start - 2 {
        case 4 where bytes[start + 1] == UInt8(ascii: "n"): (candidate, name) = (.name, "name")
        case 4: (candidate, name) = (.data, "data")
        case 6 where bytes[start + 1] == UInt8(ascii: "a"): (candidate, name) = (.action, "action")
        case 6: (candidate, name) = (.status, "status")
        case 10: (candidate, name) = (.requestID, "request_id")
        case 11: (candidate, name) = (.routingKey, "routing_key")
        case 14: (candidate, name) = (.subscribedKey, "subscribed_key")
        case 16: (candidate, name) = (.subscriptionKey, "subscription_key")
        default: return .none
        }
        return bytes.holds(name, at: start + 1) ? candidate : .none
    }

    /// The slot of a key that is written with escapes, such as `"n\u0061me"`: legal, rare, and allowed to cost more.
    static func slot(escaped key: String) -> Slot {
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
    @inline(__always)
    func holds(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset &+ length <= count else { return false }
        var position = 0
        while position < length {
            if self[offset &+ position] != text.utf8Start[position] { return false }
            position &+= 1
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes at a range, which must lie within, are those of `text`, which must be ASCII.
    package func holds(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount, let bytes = JSONBytes(self) else { return false }
        return bytes.holds(text, at: range.lowerBound)
    }
}
