/// What millions of events are asked for, read from the bytes of the batch, whose owner the caller holds: a view of each
/// event would count references.
extension EventBatch.Line {
    /// Where the value stands that a path from the top of the event leads to.
    func value(at path: JSONPath, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard path.isInData, let data else { return path.find(in: bytes, from: range) }
        return path.find(in: bytes, fromData: data)
    }

    /// What stands between the quotation marks of the routing key, its escapes not resolved; `nil` where that is nothing.
    package func routingKeyContent(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        routingKeyValue.stringContent(in: bytes)
    }

    /// The text of the routing key; empty where the event has none.
    package func routingKeyText(in bytes: UnsafeRawBufferPointer) -> [UInt8] { routingKeyValue.text(in: bytes) }

    /// Looks at the name of the family that ``EventView/family`` tells.
    package func withFamilyName(in bytes: UnsafeRawBufferPointer, _ look: (UnsafeRawBufferPointer) -> Void) {
        routingKeyValue.withText(in: bytes) { routingKey in
            subscribedKeyValue.withText(in: bytes) { subscribedKey in
                look(EventFamily.name(routingKey: routingKey, subscribedKey: subscribedKey))
            }
        }
    }
}

extension ByteRange {
    /// Looks at the text of the string at this range: at no bytes where there is none.
    @inline(__always)
    fileprivate func withText(in bytes: UnsafeRawBufferPointer, _ look: (UnsafeRawBufferPointer) -> Void) {
        guard let content = stringContent(in: bytes) else { return look(UnsafeRawBufferPointer(start: nil, count: 0)) }
        guard content.offset(of: UInt8(ascii: "\\")) < content.count else { return look(content) }
        text(in: bytes).withUnsafeBytes(look)
    }

    /// The text of the string at this range; empty where there is none.
    @inline(never)
    fileprivate func text(in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text: [UInt8] = []
        guard stringContent(in: bytes) != nil, let range,
            let literal = JSONBytes(UnsafeRawBufferPointer(rebasing: bytes[range]))
        else { return text }
        JSONString.decode(literal, from: 0, to: literal.count, into: &text)
        return text
    }
}
