/// The names under which Kazoo publishes: words between dots, whatever holds a dot percent-encoded.
enum RoutingKey {
    /// A word with everything but letters, digits, `-`, `_` and `~` percent-encoded and a space as `+`; `*` and `#` alone
    /// stay.
    ///
    /// Kazoo's `kz_amqp_util:encode/1`; `MTY.a@10.26` becomes `MTY%2Ea%4010%2E26`.
    static func encode(_ word: String) -> String {
        if word == "*" || word == "#" { return word }
        var text: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in word.utf8 {
            if isPlain(byte) {
                text.append(byte)
            } else if byte == UInt8(ascii: " ") {
                text.append(UInt8(ascii: "+"))
            } else {
                text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// The id within an account id, a database name (`account/00/9a/fc51…`) or an encoded database name; `nil` for
    /// anything else.
    static func accountID(in name: String) -> String? {
        let plain = name.split(separator: "%2F").joined(separator: "/")
        let digits = plain.hasPrefix("account/") ? plain.dropFirst(8).filter { $0 != "/" } : plain
        return digits.utf8.count == 32 && digits.allSatisfy { $0.isASCII && $0.isHexDigit } ? digits : nil
    }

    /// The name of an account's database, encoded: `account%2F00%2F9a%2Ffc51…`.
    static func database(ofAccount account: String) -> String? {
        accountID(in: account).map { "account%2F\($0.prefix(2))%2F\($0.dropFirst(2).prefix(2))%2F\($0.dropFirst(4))" }
    }

    /// The database of an account that holds the month's faxes, messages and records.
    static func monthDatabase(ofAccount account: String, yearMonth: String) -> String? {
        database(ofAccount: account).map { "\($0)-\(yearMonth)" }
    }
}
