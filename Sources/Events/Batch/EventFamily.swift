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
        let key = routingKey ?? ""
        let first = Self.firstWord(of: key)
        switch first {
        case "call": self = .call
        case "doc_created", "doc_edited", "doc_deleted": self = .object
        case "fax": self = .fax
        case "conference": self = .conference
        case "dialog" where key.utf8.count(where: { $0 == UInt8(ascii: ".") }) > 2: self = .dialog
        case "dialog", "mwi_updates", "update": self = .presence
        case "pivot" where key.hasPrefix("pivot.stream."): self = .stream
        default:
            let word = Self.firstWord(of: subscribedKey ?? "")
            self = word.isEmpty ? (first.isEmpty ? .unknown : Self(first)) : Self(word)
        }
    }

    private static func firstWord(of key: String) -> Substring {
        key[..<(key.utf8.firstIndex(of: UInt8(ascii: ".")) ?? key.endIndex)]
    }
}
