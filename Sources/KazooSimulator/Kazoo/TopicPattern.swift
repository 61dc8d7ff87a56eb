/// An AMQP topic pattern: `*` stands for one word, `#` for any number of words.
struct TopicPattern: Hashable, Sendable {
    /// The pattern as text.
    let text: String
    private let words: [String]

    init(_ text: String) {
        self.text = text
        words = Self.words(of: text)
    }

    /// The words of a routing key, empty ones included.
    static func words(of key: String) -> [String] {
        key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether the pattern matches the words of a routing key.
    func matches(_ key: [String]) -> Bool {
        Self.matches(words[...], key[...])
    }

    private static func matches(_ pattern: ArraySlice<String>, _ key: ArraySlice<String>) -> Bool {
        var pattern = pattern
        var key = key
        while let word = pattern.popFirst() {
            if word == "#" {
                return pattern.isEmpty || (key.startIndex...key.endIndex).contains { matches(pattern, key[$0...]) }
            }
            guard let head = key.popFirst(), word == "*" || word == head else { return false }
        }
        return key.isEmpty
    }
}
