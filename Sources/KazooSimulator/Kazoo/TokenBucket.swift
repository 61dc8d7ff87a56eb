/// A bucket of tokens: Kazoo's limit on requests and on messages.
///
/// It refills once a second, counted from its first use, rather than little by little.
struct TokenBucket: Sendable {
    private let capacity: Int
    private let perSecond: Int
    private let created: SimulatorInstant
    private var refills = 0
    /// How many tokens are left, as of the last use.
    private(set) var remaining: Int

    init(capacity: Int, perSecond: Int, now: SimulatorInstant) {
        self.capacity = capacity
        self.perSecond = perSecond
        created = now
        remaining = capacity
    }

    /// Takes tokens; `false`, taking none, when there are too few.
    mutating func consume(_ count: Int, now: SimulatorInstant) -> Bool {
        let due = max(Int(now.seconds(since: created)), refills)
        remaining = min(capacity, remaining + (due - refills) * perSecond)
        refills = due
        guard remaining >= count else { return false }
        remaining -= count
        return true
    }
}
