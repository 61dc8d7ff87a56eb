/// The fingerprints of the events seen last, in a window of bounded size.
///
/// Overlapping bindings bring an event once for each of them, and a superduper admin's subscription to all accounts
/// brings every tenant of a Kazoo 4 its call events twice; the copies follow each other closely.
struct RecentEvents: Sendable {
    private let capacity: Int
    private var known: Set<UInt64> = []
    /// The same fingerprints in the order of their arrival; once full, a ring.
    private var order: [UInt64] = []
    private var oldest = 0

    /// Creates an empty window.
    ///
    /// - Parameter capacity: how many events are remembered.
    init(capacity: Int = 16_384) {
        precondition(capacity > 0, "a window remembers something")
        self.capacity = capacity
    }

    /// Remembers an event.
    ///
    /// - Returns: whether it is new, as far as the window reaches.
    mutating func insert(_ fingerprint: UInt64) -> Bool {
        guard known.insert(fingerprint).inserted else { return false }
        if order.count < capacity {
            order.append(fingerprint)
        } else {
            known.remove(order[oldest])
            order[oldest] = fingerprint
            oldest = (oldest + 1) % capacity
        }
        return true
    }
}
