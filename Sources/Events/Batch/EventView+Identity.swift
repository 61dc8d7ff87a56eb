/// What identifies an event and its account.
extension EventView {
    /// Kazoo's id of the published message.
    public var messageID: String? { text(ofContent: messageIDContent) }

    /// What identifies an event, whichever subscription or connection brings it: `msg_id` and `routing_key`, joined by
    /// a plus sign; `nil` where the event lacks one of them.
    public var eventID: String? {
        guard let messageID, let routingKey, !routingKey.isEmpty else { return nil }
        return messageID + "+" + routingKey
    }

    /// A number that is the same for the same ``eventID`` as long as the program runs; `nil` where there is no id.
    ///
    /// 64 bits of a keyed hash: among 16,384 events the chance that two share one is about 10⁻¹¹.
    public var fingerprint: UInt64? {
        let fingerprint = batch.fingerprint(of: line)
        return fingerprint == 0 ? nil : fingerprint
    }

    /// The account that the event is about, where the event names it: `data.account_id`, or for calls
    /// `data.custom_channel_vars.account_id`.
    public var accountID: String? { text(ofContent: accountIDContent) }

    // MARK: Where they stand

    // In the batch's bytes, without quotation marks, escapes not resolved; `nil` for what is no string, or empty.

    /// Where the text of ``messageID`` stands.
    var messageIDContent: Range<Int>? {
        content(of: batch.bytes.withUnsafeBytes { line.messageIDValue(in: $0).range })
    }

    /// Where the text of ``accountID`` stands.
    var accountIDContent: Range<Int>? {
        content(of: value(at: .ownAccountID)) ?? content(of: value(at: .channelAccountID))
    }

    /// Where the text of ``routingKey`` stands.
    var routingKeyContent: Range<Int>? { content(of: line.routingKey) }

    private func content(of value: Range<Int>?) -> Range<Int>? {
        guard let value, value.count > 2, batch.bytes[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return (value.lowerBound + 1)..<(value.upperBound - 1)
    }

    private func text(ofContent content: Range<Int>?) -> String? {
        guard let content else { return nil }
        return string((content.lowerBound - 1)..<(content.upperBound + 1))
    }
}

extension JSONPath {
    fileprivate static let ownAccountID = JSONPath(known: "data.account_id")
    fileprivate static let channelAccountID = JSONPath(known: "data.custom_channel_vars.account_id")
}
