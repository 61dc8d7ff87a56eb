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
            return messageID == nil || ownAccountID == nil
        }
        messageID = messageID?.shifted(by: data.lowerBound)
        accountID = (ownAccountID ?? channelAccountID)?.shifted(by: data.lowerBound)
    }

    private static func accountID(in text: JSONBytes, _ variables: Range<Int>) -> Range<Int>? {
        var found: Range<Int>?
        text.slice(variables)?.forEachMember { key, value in
            guard text.holds("\"account_id\"", at: variables.lowerBound + key.lowerBound) else { return true }
            found = text.stringContent(value.shifted(by: variables.lowerBound))
            return false
        }
        return found
    }
}

extension JSONBytes {
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
