extension RoutingKey {
    /// Whom an event is about, as far as its routing key tells.
    struct Subject: Equatable, Sendable {
        /// The id of the account.
        var account: String?
        /// The SIP realm, in place of an account.
        var realm: String?
        /// The month whose database a document stands in, as `202611`.
        var month: String?

        /// Reads a routing key.
        ///
        /// Facts from Kazoo's `kapi_{call,conf,fax,conference,presence,pivot}.erl`: each family has the account, its database
        /// or its realm at a place of its own, and ids that look like an account's at others.
        init(of routingKey: String) {
            let words = TopicPattern.words(of: routingKey)
            func word(_ position: Int) -> String { position < words.count ? words[position] : "" }
            switch word(0) {
            case "call": account = accountID(in: word(1))
            case "fax": account = accountID(in: word(2))
            case "conference" where word(1) == "event", "pivot": account = accountID(in: word(3))
            case "doc_created", "doc_edited", "doc_deleted":
                let parts = word(1).split(separator: "-", maxSplits: 1).map(String.init)
                account = accountID(in: parts.first ?? "")
                month = parts.dropFirst().first { $0.utf8.count == 6 && Int($0) != nil }
            case "dialog", "mwi_updates", "update": realm = decode(word(1))
            default: break
            }
        }
    }

    /// The word that was encoded; `nil` when it cannot have been, or is empty.
    static func decode(_ word: String) -> String? {
        var text: [UInt8] = []
        var rest = Array(word.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
                text.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+"): text.append(UInt8(ascii: " "))
            default: text.append(byte)
            }
        }
        return text.isEmpty ? nil : String(validating: text, as: UTF8.self)
    }
}
