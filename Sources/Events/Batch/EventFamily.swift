/// The family of events that an event belongs to: the first word of the bindings that bring it.
///
/// It is read from the routing key, because the key of the subscription is not a fact about the event: `fax.object.*`
/// and `object.*.*` bring the same one, and presence bindings lose their first word. Open to growth, as Kazoo's modules
/// are: compare with the static members.
public struct EventFamily: Hashable, Sendable, CustomStringConvertible {
    /// The name of the family, such as `call`.
    public let description: String

    /// Creates a family.
    public init(_ name: some StringProtocol) { description = String(name) }

    /// Calls: channels and parking.
    public static let call = Self("call")
    /// Documents: created, edited, deleted.
    public static let object = Self("object")
    /// Faxes on their way.
    public static let fax = Self("fax")
    /// Conferences.
    public static let conference = Self("conference")
    /// Presence: dialogs, message-waiting indications, updates.
    public static let presence = Self("presence")
    /// Audio streams of Kazoo 5's pivot.
    public static let stream = Self("stream")
    /// Dialogs of Kazoo 5's `bh_dialog`, which have nothing to do with presence.
    public static let dialog = Self("dialog")
    /// What cannot be told.
    public static let unknown = Self("unknown")

    /// The family of an event.
    ///
    /// - Parameters:
    ///   - routingKey: the event's routing key.
    ///   - subscribedKey: the key of the subscription that brought it, for modules whose routing keys are not known.
    public init(routingKey: String?, subscribedKey: String? = nil) {
        var (key, subscribedKey) = (routingKey ?? "", subscribedKey ?? "")
        description = key.withUTF8 { key in
            subscribedKey.withUTF8 { subscribedKey in
                let name = Self.name(
                    routingKey: UnsafeRawBufferPointer(key), subscribedKey: UnsafeRawBufferPointer(subscribedKey))
                return name.map { String(decoding: $0, as: UTF8.self) } ?? ""
            }
        }
    }

    /// The name of an event's family, where it stands in its keys or in the program; the same as above.
    ///
    /// - Parameter escape: what begins an escape in the keys; a dot where there is none.
    /// - Returns: `nil` when an escape is in the way.
    static func name(
        routingKey key: UnsafeRawBufferPointer, subscribedKey: UnsafeRawBufferPointer, escape: UInt8 = UInt8(ascii: ".")
    ) -> UnsafeRawBufferPointer? {
        guard let first = firstWord(of: key, escape: escape) else { return nil }
        if first.isEqual(to: "call") || first.isEqual(to: "fax") || first.isEqual(to: "conference") { return first }
        if first.isEqual(to: "doc_created") || first.isEqual(to: "doc_edited") || first.isEqual(to: "doc_deleted") {
            return bytes(of: "object")
        }
        if first.isEqual(to: "mwi_updates") || first.isEqual(to: "update") { return bytes(of: "presence") }
        if first.isEqual(to: "dialog") || first.isEqual(to: "pivot") {
            guard escape == UInt8(ascii: ".") || key.offset(of: escape) == key.count else { return nil }
            if first.isEqual(to: "dialog") {
                return key.count(where: { $0 == UInt8(ascii: ".") }) > 2 ? first : bytes(of: "presence")
            }
            if key.count >= 13, key.holds("pivot.stream.", at: 0..<13) { return bytes(of: "stream") }
        }
        guard let word = firstWord(of: subscribedKey, escape: escape) else { return nil }
        return word.isEmpty ? (first.isEmpty ? bytes(of: "unknown") : first) : word
    }

    private static func firstWord(of key: UnsafeRawBufferPointer, escape: UInt8) -> UnsafeRawBufferPointer? {
        let end = key.offset(of: UInt8(ascii: "."), or: escape, from: 0)
        guard end == key.count || key[end] == UInt8(ascii: ".") else { return nil }
        return UnsafeRawBufferPointer(rebasing: key[..<end])
    }

    private static func bytes(of name: StaticString) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    fileprivate func isEqual(to word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount && holds(word, at: 0..<count)
    }
}
