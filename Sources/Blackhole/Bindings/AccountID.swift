/// The account that a subscription is for: 32 lower-case hexadecimal digits, or `*` for all of them.
///
/// Kazoo answers an empty id and the name of an account's database with success and never sends an event, so ids are
/// checked here (recorded: `transcripts/v4/sub_errors.jsonl`).
public struct AccountID: Hashable, Sendable, CustomStringConvertible {
    /// The id's 16 bytes; all accounts are `nil`. A cluster has tens of thousands of accounts: no string is kept.
    private let digits: Digits?

    private struct Digits: Hashable {
        var high: UInt64
        var low: UInt64
    }

    /// Every account of the cluster: for superduper admins, and with call bindings only.
    public static let all = AccountID(digits: nil)

    private init(digits: Digits?) { self.digits = digits }

    /// Reads an account id.
    ///
    /// - Throws: what is wrong, with the right id where it can be told.
    public init(_ text: some StringProtocol) throws(BindingError) {
        if text == "*" {
            self = .all
        } else if let digits = Self.digits(of: text) {
            self.init(digits: digits)
        } else {
            throw Self.error(for: String(text))
        }
    }

    /// Whether this stands for every account.
    public var isWildcard: Bool { digits == nil }

    /// The id as Kazoo writes it.
    public var description: String {
        guard let digits else { return "*" }
        return Self.hex(digits.high) + Self.hex(digits.low)
    }

    /// The encoded name of the account's database, as it stands in the routing keys of document events:
    /// `account%2F00%2F9a%2Ffc51…`; `nil` for every account.
    var encodedDatabase: String? {
        guard digits != nil else { return nil }
        let id = description
        return "account%2F\(id.prefix(2))%2F\(id.dropFirst(2).prefix(2))%2F\(id.dropFirst(4))"
    }

    // MARK: Digits

    private static func digits(of text: some StringProtocol) -> Digits? {
        let bytes = Array(text.utf8)
        guard bytes.count == 32, let high = number(bytes[..<16]), let low = number(bytes[16...]) else { return nil }
        return Digits(high: high, low: low)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: Errors

    private static func error(for text: String) -> BindingError {
        if text.isEmpty {
            return BindingError(
                code: .invalidAccount,
                message: "the account id is empty; it is 32 hexadecimal digits, as in the URLs of Kazoo's API")
        }
        let shown = BindingError.quote(text)
        if let meant = suggestion(for: text) {
            return BindingError(
                code: .invalidAccount, message: "\(shown) is not an account id; did you mean \(meant)?",
                suggestion: meant)
        }
        return BindingError(
            code: .invalidAccount,
            message: "\(shown) is not an account id: 32 hexadecimal digits, as in the URLs of Kazoo's API "
                + "(an account's name or realm does not do)")
    }

    /// The id that is meant by one in upper case, with dashes, or by the name of an account's database or of one of its
    /// monthly databases (`account/00/9a/…-202611`), encoded or not.
    private static func suggestion(for text: String) -> String? {
        var name = Substring(text.lowercased())
        if name.hasPrefix("account") {
            name = name.dropFirst("account".count)
            if let month = name.lastIndex(of: "-"), name[month...].dropFirst().count == 6 { name = name[..<month] }
        }
        let unescaped = name.split(separator: "%2f", omittingEmptySubsequences: true).joined()
        let id = unescaped.filter { !"/-_ ".contains($0) }
        return digits(of: id) == nil ? nil : id
    }
}
