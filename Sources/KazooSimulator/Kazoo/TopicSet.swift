/// A set of topic patterns that finds those which match a routing key without looking at the others: a tree of their
/// words.
struct TopicSet: Sendable {
    private struct Node: Sendable {
        var children: [String: Node] = [:]
        /// The pattern that ends here.
        var pattern: TopicPattern?

        var isEmpty: Bool { children.isEmpty && pattern == nil }
    }

    private var root = Node()

    var isEmpty: Bool { root.isEmpty }

    mutating func insert(_ pattern: TopicPattern) {
        Self.insert(pattern, words: TopicPattern.words(of: pattern.text)[...], below: &root)
    }

    mutating func remove(_ pattern: TopicPattern) {
        Self.remove(words: TopicPattern.words(of: pattern.text)[...], below: &root)
    }

    /// The patterns that match a routing key.
    func matches(of key: String) -> Set<TopicPattern> {
        var found: Set<TopicPattern> = []
        Self.collect(TopicPattern.words(of: key)[...], below: root, into: &found)
        return found
    }

    private static func insert(_ pattern: TopicPattern, words: ArraySlice<String>, below node: inout Node) {
        guard let word = words.first else { return node.pattern = pattern }
        insert(pattern, words: words.dropFirst(), below: &node.children[word, default: Node()])
    }

    private static func remove(words: ArraySlice<String>, below node: inout Node) {
        guard let word = words.first else { return node.pattern = nil }
        // Changed in place: taken out and put back, the subtree would be copied.
        guard let index = node.children.index(forKey: word) else { return }
        remove(words: words.dropFirst(), below: &node.children.values[index])
        if node.children.values[index].isEmpty { node.children.remove(at: index) }
    }

    private static func collect(_ words: ArraySlice<String>, below node: Node, into found: inout Set<TopicPattern>) {
        if let word = words.first {
            if let child = node.children[word] { collect(words.dropFirst(), below: child, into: &found) }
            if let any = node.children["*"] { collect(words.dropFirst(), below: any, into: &found) }
        } else if let pattern = node.pattern {
            found.insert(pattern)
        }
        guard let many = node.children["#"] else { return }
        for start in words.startIndex...words.endIndex { collect(words[start...], below: many, into: &found) }
    }
}
