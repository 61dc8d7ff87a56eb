/// An AMQP topic pattern: `*` stands for one word, `#` for any number of words.
struct TopicPattern: Hashable, Sendable {
    /// The pattern as text.
    let text: String

    init(_ text: String) { self.text = text }

    /// The words of a routing key, empty ones included.
    static func words(of key: String) -> [String] {
        key.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// Whether the pattern matches a routing key.
    func matches(_ key: String) -> Bool {
        var pattern = text
        var key = key
        return pattern.withUTF8 { pattern in
            key.withUTF8 { Self.matches(pattern, from: 0, $0, from: 0) }
        }
    }

    private static let dot = UInt8(ascii: ".")

    /// Goes through both word by word, each position at the beginning of a word.
    private static func matches(
        _ pattern: UnsafeBufferPointer<UInt8>, from patternStart: Int, _ key: UnsafeBufferPointer<UInt8>,
        from keyStart: Int
    ) -> Bool {
        var i = patternStart
        var j = keyStart
        while true {
            if isWord(UInt8(ascii: "#"), at: i, of: pattern) {
                if i + 1 == pattern.count { return true }
                // No word, or one word and then again any number.
                if matches(pattern, from: i + 2, key, from: j) { return true }
                guard let next = key[j...].firstIndex(of: dot) else { return false }
                j = next + 1
                continue
            }
            if isWord(UInt8(ascii: "*"), at: i, of: pattern) {
                i += 1
                while j < key.count, key[j] != dot { j += 1 }
            } else {
                while i < pattern.count, pattern[i] != dot {
                    guard j < key.count, pattern[i] == key[j] else { return false }
                    i += 1
                    j += 1
                }
                guard j == key.count || key[j] == dot else { return false }
            }
            if i == pattern.count { return j == key.count }
            if j == key.count { return i + 2 == pattern.count && isWord(UInt8(ascii: "#"), at: i + 1, of: pattern) }
            i += 1
            j += 1
        }
    }

    /// Whether a word of this one byte begins at `index`.
    private static func isWord(_ byte: UInt8, at index: Int, of text: UnsafeBufferPointer<UInt8>) -> Bool {
        index < text.count && text[index] == byte && (index + 1 == text.count || text[index + 1] == dot)
    }
}
