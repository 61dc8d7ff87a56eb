/// A value of a config file, with the place that it comes from.
///
/// Scalars stay text: what `no`, `1e3` or `0123` means is said by the key that they stand for.
public struct YAMLNode: Equatable, Sendable {
    /// What a node holds.
    public enum Content: Equatable, Sendable {
        /// One value; `isPlain` where it is written without quotes.
        case scalar(String, isPlain: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values, in the order of the file, each key once.
        case mapping([Entry])
        /// Something that has been complained about already.
        case refused
    }

    /// One key of a mapping and its value.
    public struct Entry: Equatable, Sendable {
        /// The key.
        public var key: String
        /// Where the key stands.
        public var origin: Origin
        /// The value.
        public var value: YAMLNode

        /// Creates an entry.
        public init(_ key: String, origin: Origin, value: YAMLNode) {
            self.key = key
            self.origin = origin
            self.value = value
        }
    }

    /// Where the value stands.
    public var origin: Origin
    /// What it is.
    public var content: Content

    /// Creates a node.
    public init(_ content: Content, origin: Origin) {
        self.content = content
        self.origin = origin
    }

    /// Creates a node that holds one text, to be taken literally.
    public init(text: String, origin: Origin) {
        self.init(.scalar(text, isPlain: false), origin: origin)
    }

    /// The value of a key; `nil` where there is none, or where this is no mapping.
    public subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// Whether nothing is written where a value could be: `consumers:` with only comments below.
    var isEmpty: Bool { content == .scalar("", isPlain: true) }

    /// What the node is, in the words of a message.
    var kind: String {
        switch content {
        case .scalar(let text, let isPlain):
            isEmpty ? "nothing" : isPlain && Self.nulls.contains(text) ? text.lowercased() : Quotation.of(text)
        case .sequence: "a list"
        case .mapping: "keys with values"
        case .refused: "something that cannot be used"
        }
    }

    /// How YAML writes that there is no value (YAML 1.2, 10.3.2).
    static let nulls: Set<String> = ["~", "null", "Null", "NULL"]
}
