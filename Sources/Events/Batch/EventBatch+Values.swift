/// What millions of events are asked for, read from the bytes of the batch, whose owner the caller holds: a view of each
/// event would count references.
extension EventBatch.Line {
    /// Where the value stands that a path from the top of the event leads to.
    func value(at path: JSONPath, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard path.isInData, let data else { return path.find(in: bytes, from: range) }
        return path.find(in: bytes, fromData: data, nested: nestedInData)
    }

    /// What stands between the quotation marks of the routing key, its escapes not resolved; `nil` where that is nothing.
    package func routingKeyContent(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        routingKeyValue.stringContent(in: bytes)
    }

    /// The text of the routing key; empty where the event has none.
    package func routingKeyText(in bytes: UnsafeRawBufferPointer) -> [UInt8] { routingKeyValue.text(in: bytes) }

    /// Looks at the name of the family that ``EventView/family`` tells.
    package func withFamilyName(in bytes: UnsafeRawBufferPointer, _ look: (UnsafeRawBufferPointer) -> Void) {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        let name = EventFamily.name(
            routingKey: routingKeyValue.stringContent(in: bytes) ?? nothing,
            subscribedKey: subscribedKeyValue.stringContent(in: bytes) ?? nothing, escape: UInt8(ascii: "\\"))
        if let name { look(name) } else { withFamilyName(ofTextsIn: bytes, look) }
    }

    /// The same for keys that have escapes, which Kazoo never writes.
    @inline(never)
    private func withFamilyName(ofTextsIn bytes: UnsafeRawBufferPointer, _ look: (UnsafeRawBufferPointer) -> Void) {
        routingKeyValue.text(in: bytes).withUnsafeBytes { routingKey in
            subscribedKeyValue.text(in: bytes).withUnsafeBytes { subscribedKey in
                if let name = EventFamily.name(routingKey: routingKey, subscribedKey: subscribedKey) { look(name) }
            }
        }
    }
}

extension ByteRange {
    /// The text of the string at this range, its escapes resolved; empty where there is none.
    fileprivate func text(in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text: [UInt8] = []
        guard stringContent(in: bytes) != nil, let range,
            let literal = JSONBytes(UnsafeRawBufferPointer(rebasing: bytes[range]))
        else { return text }
        JSONString.decode(literal, from: 0, to: literal.count, into: &text)
        return text
    }
}
