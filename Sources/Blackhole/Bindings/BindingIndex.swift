package import Events

/// Many selectors, and which of them select an event: what asking each ``EventSelector`` would give, at a cost that does
/// not grow with the number of those that do not select it.
///
/// A tree over the words of the routing key. From each node one way leads on for each word that a selector names, found by
/// its hash, one for each beginning of a word, and one for any word; whoever stands at the end of a way is selected.
public struct BindingIndex: Sendable {
    private struct Node {
        /// Whether the set of ``words`` with the number of the node holds any.
        var hasWords = false
        /// The position of the first ``Beginnings`` that lead on from here.
        var beginnings: Int?
        /// The node behind any word.
        var any: Int?
    }

    /// The beginnings of one length behind a node.
    private struct Beginnings {
        var length: Int
        /// Their set of ``words``.
        var set: Int
        /// The position of those of another length.
        var others: Int?
    }

    private var nodes = [Node()]
    /// The selectors whose last word leads to a node.
    private var selectors: [[Int]] = [[]]
    private var beginnings: [Beginnings] = []
    /// The words and the beginnings of words that lead on. The sets of the nodes have even numbers, those of the
    /// beginnings odd ones.
    private var words = WordTable()
    /// The nodes behind the words.
    private var next: [Int] = []
    /// The families of which selectors take everything.
    private var families = WordTable()
    /// Those selectors, by the number of the family.
    private var familySelectors: [[Int]] = []

    /// Creates an index; a selector's position in the list is its number.
    public init(_ selectors: [EventSelector]) {
        for (number, selector) in selectors.enumerated() {
            if let parts = selector.parts {
                insert(number, behind: parts[...], from: 0)
            } else {
                let family = families.insert(Array(selector.family.description.utf8))
                if family == familySelectors.count { familySelectors.append([]) }
                familySelectors[family].append(number)
            }
        }
    }

    /// Adds the numbers of the selectors that select a line of a batch, each once, in no particular order.
    ///
    /// - Parameter bytes: the batch's bytes.
    package func find(_ line: EventBatch.Line, in bytes: UnsafeRawBufferPointer, into found: inout [Int]) {
        guard line.kind == .event else { return }
        if nodes.count > 1, let key = line.routingKeyContent(in: bytes) {
            let isPlain = find(key, escape: UInt8(ascii: "\\"), wordAt: 0, from: 0, into: &found)
            if !isPlain { findByText(line.routingKeyText(in: bytes), into: &found) }
        }
        if !families.isEmpty {
            line.withFamilyName(in: bytes) { name in
                if let number = families.number(of: name) { found += familySelectors[number] }
            }
        }
    }

    // MARK: Looking up

    /// The key has escapes, which Kazoo never writes.
    private func findByText(_ key: [UInt8], into found: inout [Int]) {
        key.withUnsafeBytes { key in
            _ = find(key, escape: UInt8(ascii: "."), wordAt: 0, from: 0, into: &found)
        }
    }

    /// - Parameter escape: what begins an escape; a dot where there is none.
    /// - Returns: `false` when a word has an escape, before anything is found.
    private func find(
        _ key: UnsafeRawBufferPointer, escape: UInt8, wordAt start: Int, from node: Int, into found: inout [Int]
    ) -> Bool {
        let end = key.offset(of: UInt8(ascii: "."), or: escape, from: start)
        guard end == key.count || key[end] == UInt8(ascii: ".") else { return false }
        func goOn(to node: Int) -> Bool {
            if end < key.count { return find(key, escape: escape, wordAt: end + 1, from: node, into: &found) }
            if !selectors[node].isEmpty { found += selectors[node] }
            return true
        }
        let here = nodes[node]
        let word = UnsafeRawBufferPointer(rebasing: key[start..<end])
        if here.hasWords, let number = words.number(of: word, in: 2 * node) {
            guard goOn(to: next[number]) else { return false }
        }
        var following = here.beginnings
        while let position = following {
            let (length, set) = (beginnings[position].length, beginnings[position].set)
            following = beginnings[position].others
            guard word.count >= length else { continue }
            let beginning = UnsafeRawBufferPointer(rebasing: word[..<length])
            guard let number = words.number(of: beginning, in: set) else { continue }
            guard goOn(to: next[number]) else { return false }
        }
        if let any = here.any { return goOn(to: any) }
        return true
    }

    // MARK: Building

    private mutating func insert(_ number: Int, behind parts: ArraySlice<EventSelector.Part>, from node: Int) {
        guard let part = parts.first else {
            selectors[node].append(number)
            return
        }
        let next =
            switch part {
            case .exactly(let word): [self.node(behind: word, from: node)]
            case .oneOf(let words): words.map { self.node(behind: $0, from: node) }
            case .beginning(let beginning): [self.node(behindBeginning: beginning, from: node)]
            case .any: [nodeBehindAny(from: node)]
            }
        for next in next { insert(number, behind: parts.dropFirst(), from: next) }
    }

    // Each of these creates the node where there is none.

    private mutating func node(behind word: [UInt8], from node: Int) -> Int {
        nodes[node].hasWords = true
        return self.node(behind: word, in: 2 * node)
    }

    private mutating func node(behindBeginning word: [UInt8], from node: Int) -> Int {
        var known = nodes[node].beginnings
        while let position = known, beginnings[position].length != word.count { known = beginnings[position].others }
        let position = known ?? beginnings.count
        if known == nil {
            let set = 2 * position + 1
            beginnings.append(Beginnings(length: word.count, set: set, others: nodes[node].beginnings))
            nodes[node].beginnings = position
        }
        return self.node(behind: word, in: beginnings[position].set)
    }

    private mutating func node(behind word: [UInt8], in set: Int) -> Int {
        let number = words.insert(word, to: set)
        if number == next.count { next.append(addNode()) }
        return next[number]
    }

    private mutating func nodeBehindAny(from node: Int) -> Int {
        if let any = nodes[node].any { return any }
        let any = addNode()
        nodes[node].any = any
        return any
    }

    private mutating func addNode() -> Int {
        nodes.append(Node())
        selectors.append([])
        return nodes.count - 1
    }
}
