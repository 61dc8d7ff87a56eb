/// What to subscribe to, in blackhole's own words: `call.*.*`, `object.doc_created.user`.
///
/// Kazoo answers many a mistyped binding with success and then sends nothing, so a binding of a known family is checked
/// against ``BindingGrammar``. One of another family is taken as it is: the server decides.
public struct Binding: Hashable, Sendable, CustomStringConvertible {
    /// The binding as it is sent to Kazoo.
    public let description: String
    /// The position of the form in the grammar; `nil` for a family that is not listed there.
    let formIndex: UInt8?

    /// The family that a binding belongs to.
    public enum Family: Hashable, Sendable {
        /// One that ``BindingGrammar`` lists, such as `call`.
        case known(String)
        /// One of a module that is not listed: the server decides whether the binding is good.
        case other(String)

        /// The first word of the binding.
        public var name: String {
            switch self {
            case .known(let name), .other(let name): name
            }
        }
    }

    /// Reads and checks a binding.
    ///
    /// - Throws: what is wrong with it, and what to write instead.
    public init(_ text: some StringProtocol) throws(BindingError) {
        formIndex = try BindingParser(text).parse()
        description = String(text)
    }

    /// The family of the binding.
    public var family: Family {
        let name = String(description.prefix { $0 != "." })
        return formIndex == nil ? .other(name) : .known(name)
    }

    /// The form of the binding in the grammar; `nil` for a family that is not listed there.
    public var form: BindingGrammar.Form? {
        formIndex.map { BindingGrammar.forms[Int($0)] }
    }

    /// An id, such as a call's, as it must stand in a binding and stands in routing keys.
    ///
    /// Kazoo's rule (`kz_amqp_util:encode/1`): ASCII letters, digits, `-`, `_` and `~` stay, a space becomes `+`,
    /// everything else is percent-encoded in upper case, the dot too.
    public static func encode(id: some StringProtocol) -> String {
        encode(id.utf8)
    }

    static func encode(_ id: some Sequence<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in id {
            switch byte {
            case _ where isSafe(byte): encoded.append(byte)
            case UInt8(ascii: " "): encoded.append(UInt8(ascii: "+"))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += (digits.count == 1 ? "%0" : "%").utf8
                encoded += digits.utf8
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Whether an id is written as Kazoo writes it in routing keys; another one would never match.
    static func isEncoded(_ id: some StringProtocol) -> Bool {
        var rest = Array(id.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard rest.count >= 2, rest.prefix(2).allSatisfy(isUpperHexDigit) else { return false }
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+"): break
            default: guard isSafe(byte) else { return false }
            }
        }
        return true
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isUpperHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
