/// What identifies an event and its account, found in one walk over its `data`. Ranges are offsets in the batch's bytes.
struct EventIdentity {
    /// The text of `data.msg_id`, without quotation marks, its escapes not resolved.
    private(set) var messageID: Range<Int>?
    /// The text of `data.account_id`, or for calls of `data.custom_channel_vars.account_id`; as above.
    private(set) var accountID: Range<Int>?

    init(in bytes: UnsafeRawBufferPointer, data: Range<Int>?) {
        guard let data, let text = JSONBytes(UnsafeRawBufferPointer(rebasing: bytes[data])) else { return }
        var ownAccountID: Range<Int>?
        var channelAccountID: Range<Int>?
        text.forEachMember { key, value in
            if messageID == nil, text.holds("\"msg_id\"", at: key.lowerBound) {
                messageID = text.stringContent(value)
            } else if ownAccountID == nil, text.holds("\"account_id\"", at: key.lowerBound) {
                ownAccountID = text.stringContent(value)
            } else if channelAccountID == nil, text.holds("\"custom_channel_vars\"", at: key.lowerBound) {
                channelAccountID = Self.accountID(in: text, value)
            }
        }
        messageID = messageID?.shifted(by: data.lowerBound)
        accountID = (ownAccountID ?? channelAccountID)?.shifted(by: data.lowerBound)
    }

    private static func accountID(in text: JSONBytes, _ variables: Range<Int>) -> Range<Int>? {
        var found: Range<Int>?
        text.slice(variables)?.forEachMember { key, value in
            guard found == nil, text.holds("\"account_id\"", at: variables.lowerBound + key.lowerBound) else { return }
            found = text.stringContent(value.shifted(by: variables.lowerBound))
        }
        return found
    }
}

extension JSONBytes {
    /// Some of the bytes; `nil` when there are none.
    func slice(_ range: Range<Int>) -> JSONBytes? {
        JSONBytes(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Walks over the members of the object that the bytes are, keys with their quotation marks; over nothing when they
    /// are no object.
    func forEachMember(_ visit: (_ key: Range<Int>, _ value: Range<Int>) -> Void) {
        var offset = skipWhitespace(from: 0)
        guard offset < count, self[offset] == UInt8(ascii: "{") else { return }
        repeat {
            let key = skipWhitespace(from: offset + 1)
            guard key < count, self[key] == UInt8(ascii: "\"") else { return }
            let keyEnd = skipString(from: key)
            let value = skipWhitespace(from: min(skipWhitespace(from: keyEnd) + 1, count))
            let valueEnd = skipValue(from: value)
            visit(key..<keyEnd, value..<valueEnd)
            offset = skipWhitespace(from: valueEnd)
        } while offset < count && self[offset] == UInt8(ascii: ",")
    }

    /// What stands between the quotation marks of a string that is not empty; `nil` for other values.
    fileprivate func stringContent(_ value: Range<Int>) -> Range<Int>? {
        guard value.count > 2, self[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return (value.lowerBound + 1)..<(value.upperBound - 1)
    }
}

extension Range<Int> {
    fileprivate func shifted(by distance: Int) -> Range<Int> {
        (lowerBound + distance)..<(upperBound + distance)
    }
}
