/// A bucket of tokens that refills with time: Kazoo's limit on requests and on messages.
struct TokenBucket: Sendable {
    private let capacity: Int
    private let perSecond: Double
    private var level: Double
    private var filled: SimulatorInstant

    init(capacity: Int, perSecond: Double, now: SimulatorInstant) {
        self.capacity = capacity
        self.perSecond = perSecond
        level = Double(capacity)
        filled = now
    }

    /// How many tokens are left, as of the last use.
    var remaining: Int { Int(level) }

    /// Takes tokens; `false`, taking none, when there are too few.
    mutating func consume(_ count: Int, now: SimulatorInstant) -> Bool {
        if now > filled {
            level = min(Double(capacity), level + now.seconds(since: filled) * perSecond)
            filled = now
        }
        guard level >= Double(count) else { return false }
        level -= Double(count)
        return true
    }
}
