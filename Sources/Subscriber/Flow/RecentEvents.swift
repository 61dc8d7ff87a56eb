/// The fingerprints of the events seen last, in a window of bounded size.
///
/// Overlapping bindings bring an event once for each of them, and a superduper admin's subscription to all accounts
/// brings every tenant of a Kazoo 4 its call events twice; the copies follow each other closely.
///
/// A fingerprint is a keyed hash already, so the table takes it as it is: open addressing with linear probing, at most
/// half full. Measured against `Set<UInt64>`, which hashes again: a fifth of the time.
struct RecentEvents: Sendable {
    /// The fingerprints in the order of their arrival; once full, a ring.
    private var order: [UInt64] = []
    private var oldest = 0
    private let capacity: Int
    /// The same fingerprints, each as near as possible behind the slot that its low bits name; 0 is an empty slot.
    private var table: [UInt64]

    /// Creates an empty window.
    ///
    /// - Parameter capacity: how many events are remembered.
    init(capacity: Int = 16_384) {
        precondition(capacity > 0, "a window remembers something")
        self.capacity = capacity
        var slots = 2
        while slots < capacity * 2 { slots *= 2 }
        table = Array(repeating: 0, count: slots)
    }

    /// Remembers an event.
    ///
    /// - Returns: whether it is new, as far as the window reaches.
    mutating func insert(_ fingerprint: UInt64) -> Bool {
        // One fingerprint in 2⁶⁴ shares its place with another: 0 means an empty slot.
        let fingerprint = fingerprint == 0 ? 1 : fingerprint
        let slot = slot(of: fingerprint)
        guard table[slot] == 0 else { return false }
        if order.count < capacity {
            order.append(fingerprint)
            table[slot] = fingerprint
        } else {
            remove(order[oldest])
            order[oldest] = fingerprint
            oldest = oldest + 1 == capacity ? 0 : oldest + 1
            // The removal may have moved others to where the search ended.
            table[self.slot(of: fingerprint)] = fingerprint
        }
        return true
    }

    /// Where a fingerprint stands, or the empty slot where it would.
    private func slot(of fingerprint: UInt64) -> Int {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: fingerprint) & mask
        while table[slot] != 0, table[slot] != fingerprint { slot = (slot + 1) & mask }
        return slot
    }

    /// Takes a fingerprint out, and moves up those behind it that the hole would cut off from their places.
    private mutating func remove(_ fingerprint: UInt64) {
        let mask = table.count - 1
        var hole = slot(of: fingerprint)
        var next = hole
        while true {
            next = (next + 1) & mask
            if table[next] == 0 { break }
            let home = Int(truncatingIfNeeded: table[next]) & mask
            // It may move unless its own place lies behind the hole.
            if (next - home) & mask >= (next - hole) & mask {
                table[hole] = table[next]
                hole = next
            }
        }
        table[hole] = 0
    }
}
