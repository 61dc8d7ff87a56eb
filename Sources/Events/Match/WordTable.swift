/// Words, numbered from 0 in the order of their insertion, and found again by their bytes without an allocation.
///
/// What stands in bindings and conditions goes in, what stands in events is looked up: millions of times a minute, and
/// nearly always in vain. The words belong to sets, each of which has its own; all of them share one table, so that a
/// lookup touches two arrays and counts no references. Open addressing with linear probing, at most half full; a slot
/// holds half of a word's hash, so that hardly any bytes are compared that differ.
package struct WordTable: Sendable {
    private struct Slot {
        var tag: UInt32 = 0
        /// The number of the word, plus 1; 0 is an empty slot.
        var successor: UInt32 = 0
    }

    private struct Word {
        var set: Int
        /// Where its bytes stand.
        var range: Range<Int>
    }

    private var words: [Word] = []
    /// The bytes of all words, one after another.
    private var text: [UInt8] = []
    private var slots: [Slot] = []
    /// How long the words are: a bit for each length, the highest one for all that have 63 bytes or more. Who is of
    /// another length is not here.
    private var lengths: UInt64 = 0

    /// Creates an empty table.
    package init() {}

    /// Whether there is no word.
    package var isEmpty: Bool { words.isEmpty }

    /// Adds a word to a set, unless it is there already.
    ///
    /// - Returns: its number among the words of all sets.
    package mutating func insert(_ word: [UInt8], to set: Int = 0) -> Int {
        if let number = word.withUnsafeBytes({ self.number(of: $0, in: set) }) { return number }
        words.append(Word(set: set, range: text.count..<(text.count + word.count)))
        text += word
        lengths |= Self.bit(forLength: word.count)
        if words.count * 2 > slots.count {
            slots = Array(repeating: Slot(), count: max(4, slots.count * 2))
            for number in words.indices { place(number) }
        } else {
            place(words.count - 1)
        }
        return words.count - 1
    }

    /// The number of a word; `nil` when the set does not hold it.
    package func number(of word: UnsafeRawBufferPointer, in set: Int = 0) -> Int? {
        guard lengths & Self.bit(forLength: word.count) != 0 else { return nil }
        let hash = Self.hash(word, set)
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count &- 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position].successor != 0 {
            let number = Int(slots[position].successor) &- 1
            if slots[position].tag == tag, self.word(number, is: word, in: set) { return number }
            position = (position &+ 1) & mask
        }
        return nil
    }

    private func word(_ number: Int, is word: UnsafeRawBufferPointer, in set: Int) -> Bool {
        guard words[number].set == set else { return false }
        return text.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[words[number].range]).isEqual(to: word) }
    }

    private mutating func place(_ number: Int) {
        let word = words[number]
        let hash = text.withUnsafeBytes { Self.hash(UnsafeRawBufferPointer(rebasing: $0[word.range]), word.set) }
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position].successor != 0 { position = (position + 1) & mask }
        slots[position] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), successor: UInt32(number) + 1)
    }

    @inline(__always)
    private static func bit(forLength length: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: min(length, 63)) }

    /// It has no secret key: what strangers can choose is only looked up, never inserted.
    @inline(__always)
    private static func hash(_ word: UnsafeRawBufferPointer, _ set: Int) -> UInt64 {
        ByteHash.hash(word, seed: 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: set) &* 0xA24B_AED4_963E_E407)
    }
}
