/// An AMQP topic pattern: `*` stands for one word, `#` for any number of words. ``TopicSet`` finds what matches.
struct TopicPattern: Hashable, Sendable {
    /// The pattern as text.
    let text: String

    init(_ text: String) { self.text = text }

    /// The words of a routing key or of a pattern, empty ones included.
    static func words(of key: String) -> [String] {
        key.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }
}
