public import Events

/// Many selectors, and which of them select an event: what asking each ``EventSelector`` would give, at a cost that does
/// not grow with the number of those that do not select it.
///
/// A tree over the words of the routing key. From each node one way leads on for each word that a selector names, found by
/// its hash, one for each beginning of a word, and one for any word; whoever stands at the end of a way is selected.
public struct BindingIndex: Sendable {
    private struct Node {
        var exactly = WordTable()
        /// The nodes behind the words of ``exactly``.
        var next: [Int] = []
        var beginnings: [Beginnings] = []
        /// The node behind any word.
        var any: Int?
        /// The selectors whose last word leads here.
        var selectors: [Int] = []
    }

    /// The beginnings of one length.
    private struct Beginnings {
        var length: Int
        var words = WordTable()
        var next: [Int] = []
    }

    private var nodes = [Node()]
    /// The selectors that take a whole family.
    private var families: [EventFamily: [Int]] = [:]

    /// Creates an index; a selector's position in the list is its number.
    public init(_ selectors: [EventSelector]) {
        for (number, selector) in selectors.enumerated() {
            if let parts = selector.parts {
                insert(number, behind: parts[...], from: 0)
            } else {
                families[selector.family, default: []].append(number)
            }
        }
    }

    /// Adds the numbers of the selectors that select a line of a batch, each once, in no particular order.
    public func find(_ position: Int, in batch: EventBatch, into found: inout [Int]) {
        guard batch.lines[position].kind == .event else { return }
        if nodes.count > 1 { findByKey(position, in: batch, into: &found) }
        if !families.isEmpty, let numbers = families[batch[position].family] { found += numbers }
    }

    // MARK: Looking up

    private func findByKey(_ position: Int, in batch: EventBatch, into found: inout [Int]) {
        let isPlain = batch.bytes.withUnsafeBytes { bytes in
            guard let key = batch.plainRoutingKey(at: position, in: bytes) else { return false }
            find(key, wordAt: 0, from: 0, into: &found)
            return true
        }
        guard !isPlain, var key = batch[position].routingKey else { return }
        key.withUTF8 { find(UnsafeRawBufferPointer($0), wordAt: 0, from: 0, into: &found) }
    }

    private func find(_ key: UnsafeRawBufferPointer, wordAt start: Int, from node: Int, into found: inout [Int]) {
        let end = Self.endOfWord(in: key, from: start)
        let word = UnsafeRawBufferPointer(rebasing: key[start..<end])
        if let number = nodes[node].exactly.number(of: word) {
            goOn(key, after: end, to: nodes[node].next[number], into: &found)
        }
        if !nodes[node].beginnings.isEmpty {
            for beginnings in nodes[node].beginnings where word.count >= beginnings.length {
                let beginning = UnsafeRawBufferPointer(rebasing: word[..<beginnings.length])
                guard let number = beginnings.words.number(of: beginning) else { continue }
                goOn(key, after: end, to: beginnings.next[number], into: &found)
            }
        }
        if let any = nodes[node].any { goOn(key, after: end, to: any, into: &found) }
    }

    private func goOn(_ key: UnsafeRawBufferPointer, after end: Int, to node: Int, into found: inout [Int]) {
        if end < key.count {
            find(key, wordAt: end + 1, from: node, into: &found)
        } else if !nodes[node].selectors.isEmpty {
            found += nodes[node].selectors
        }
    }

    @inline(__always)
    private static func endOfWord(in key: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset < key.count, key[offset] != UInt8(ascii: ".") { offset &+= 1 }
        return offset
    }

    // MARK: Building

    private mutating func insert(_ number: Int, behind parts: ArraySlice<EventSelector.Part>, from node: Int) {
        guard let part = parts.first else {
            nodes[node].selectors.append(number)
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
        let number = nodes[node].exactly.insert(word)
        if number == nodes[node].next.count { nodes[node].next.append(addNode()) }
        return nodes[node].next[number]
    }

    private mutating func node(behindBeginning word: [UInt8], from node: Int) -> Int {
        let known = nodes[node].beginnings.firstIndex { $0.length == word.count }
        let position = known ?? nodes[node].beginnings.count
        if known == nil { nodes[node].beginnings.append(Beginnings(length: word.count)) }
        let number = nodes[node].beginnings[position].words.insert(word)
        if number == nodes[node].beginnings[position].next.count {
            nodes[node].beginnings[position].next.append(addNode())
        }
        return nodes[node].beginnings[position].next[number]
    }

    private mutating func nodeBehindAny(from node: Int) -> Int {
        if let any = nodes[node].any { return any }
        let any = addNode()
        nodes[node].any = any
        return any
    }

    private mutating func addNode() -> Int {
        nodes.append(Node())
        return nodes.count - 1
    }
}
