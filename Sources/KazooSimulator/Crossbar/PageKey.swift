/// Where a page of a listing begins: the list `[account, name]` in Erlang's external term format, as base 64.
///
/// <https://www.erlang.org/doc/apps/erts/erl_ext_dist.html>
struct PageKey: Equatable, Sendable {
    var account: String
    var name: String

    init(account: String, name: String) {
        self.account = account
        self.name = name
    }

    private static let version: UInt8 = 131
    private static let list: UInt8 = 108
    private static let binary: UInt8 = 109
    private static let emptyList: UInt8 = 106

    /// Reads ``text``; `nil` for anything else.
    init?(_ text: String) {
        guard var bytes = TokenTable.decodeBase64URL(text)?[...] else { return nil }
        guard bytes.popFirst() == Self.version, bytes.popFirst() == Self.list, Self.count(&bytes) == 2,
            let account = Self.binary(&bytes), let name = Self.binary(&bytes), bytes.popFirst() == Self.emptyList
        else { return nil }
        self.init(account: account, name: name)
    }

    /// The key as it stands in a response and a query.
    var text: String {
        var bytes = [Self.version, Self.list] + Self.bigEndian(2)
        for word in [account, name] {
            bytes += [Self.binary] + Self.bigEndian(word.utf8.count) + word.utf8
        }
        return TokenTable.base64URL(bytes + [Self.emptyList])
    }

    private static func bigEndian(_ count: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    }

    private static func count(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        defer { bytes = bytes.dropFirst(4) }
        return bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    private static func binary(_ bytes: inout ArraySlice<UInt8>) -> String? {
        guard bytes.popFirst() == binary, let count = count(&bytes), bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return String(validating: bytes.prefix(count), as: UTF8.self)
    }
}
