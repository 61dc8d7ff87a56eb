/// A text that must never be shown: a password, a hash, an API key, a token.
///
/// Printing, interpolating or dumping it gives `<redacted>`; the text comes out only through ``reveal()``, which is
/// easy to search for.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Hides a text.
    public init(_ text: String) { self.text = text }

    /// The text itself, for the server that needs it and nobody else.
    public func reveal() -> String { text }

    /// Whether there is anything to hide.
    public var isEmpty: Bool { text.isEmpty }

    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The text with every occurrence of the secret replaced: Kazoo's answers echo tokens and keys.
    public func redacted(from message: String) -> String {
        guard !text.isEmpty else { return message }
        var result = ""
        var rest = message[...]
        while let found = rest.firstRange(of: text) {
            result += rest[..<found.lowerBound] + description
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}
