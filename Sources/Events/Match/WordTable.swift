/// Words, numbered from 0 in the order of their insertion, and found again by their bytes without an allocation.
///
/// What stands in bindings and conditions goes in, what stands in events is looked up: millions of times a minute, and
/// nearly always in vain. Open addressing with linear probing, at most half full; a slot holds half of a word's hash, so
/// that hardly any bytes are compared that differ.
package struct WordTable: Sendable {
    private struct Slot {
        var tag: UInt32 = 0
        /// The number of the word, plus 1; 0 is an empty slot.
        var successor: UInt32 = 0
    }

    private var words: [[UInt8]] = []
    private var slots: [Slot] = []

    /// Creates an empty table.
    package init() {}

    /// Whether there is no word.
    package var isEmpty: Bool { words.isEmpty }

    /// Adds a word, unless it is there already.
    ///
    /// - Returns: its number.
    package mutating func insert(_ word: [UInt8]) -> Int {
        if let number = word.withUnsafeBytes({ self.number(of: $0) }) { return number }
        words.append(word)
        if words.count * 2 > slots.count {
            slots = Array(repeating: Slot(), count: max(4, slots.count * 2))
            for number in words.indices { place(number) }
        } else {
            place(words.count - 1)
        }
        return words.count - 1
    }

    /// The number of a word; `nil` when it is not in the table.
    package func number(of word: UnsafeRawBufferPointer) -> Int? {
        guard !slots.isEmpty else { return nil }
        let hash = Self.hash(word)
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position].successor != 0 {
            let number = Int(slots[position].successor) - 1
            if slots[position].tag == tag, words[number].elementsEqual(word) { return number }
            position = (position + 1) & mask
        }
        return nil
    }

    private mutating func place(_ number: Int) {
        let hash = words[number].withUnsafeBytes { Self.hash($0) }
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position].successor != 0 { position = (position + 1) & mask }
        slots[position] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), successor: UInt32(number) + 1)
    }

    /// It has no secret key: what strangers can choose is only looked up, never inserted.
    @inline(__always)
    private static func hash(_ word: UnsafeRawBufferPointer) -> UInt64 {
        ByteHash.hash(word, seed: 0x9E37_79B9_7F4A_7C15)
    }
}
