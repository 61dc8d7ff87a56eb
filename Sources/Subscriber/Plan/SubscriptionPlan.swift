import Blackhole

/// Spreads subscriptions over connections: Kazoo takes ten requests a second on each, so many are quicker than one.
///
/// A *share* is what one connection subscribes to; where connections are redundant, several carry the same share.
struct SubscriptionPlan: Sendable {
    /// What one connection subscribes to.
    struct Share: Equatable, Sendable {
        let id: Int
        var subscriptions: [Subscription]
    }

    /// What is different after a change, share by share.
    struct Change: Equatable, Sendable {
        var added: [Int: [Subscription]] = [:]
        var removed: [Int: Set<Subscription>] = [:]
        /// The shares that are new; they stand in ``added`` too.
        var newShares: [Int] = []
        /// The shares that hold nothing any more, and are gone.
        var emptiedShares: [Int] = []
    }

    /// The shares, the oldest first.
    private(set) var shares: [Share] = []
    /// How many subscriptions a share holds before a new one is begun.
    private let capacity: Int
    /// Whether new shares may be begun; the server has not refused a connection.
    private(set) var mayGrow = true
    private var nextID = 0

    init(capacity: Int) {
        precondition(capacity > 0, "a connection carries something")
        self.capacity = capacity
    }

    /// How many subscriptions there are.
    var count: Int { shares.reduce(0) { $0 + $1.subscriptions.count } }

    /// The subscriptions of a share; none when it is not there any more.
    subscript(share id: Int) -> [Subscription] { shares.first { $0.id == id }?.subscriptions ?? [] }

    /// Makes the plan hold these and no others; what stays does not move.
    mutating func update(to wanted: [Subscription]) -> Change {
        var change = Change()
        let kept = Set(wanted)
        for index in shares.indices {
            let gone = shares[index].subscriptions.filter { !kept.contains($0) }
            guard !gone.isEmpty else { continue }
            change.removed[shares[index].id] = Set(gone)
            shares[index].subscriptions.removeAll { !kept.contains($0) }
        }
        let placed = Set(shares.flatMap(\.subscriptions))
        place(wanted.filter { !placed.contains($0) }, noting: &change)
        change.emptiedShares = shares.filter(\.subscriptions.isEmpty).map(\.id)
        shares.removeAll(where: \.subscriptions.isEmpty)
        return change
    }

    /// Takes a share away and gives what it held to the others, because the server allows no connection for it.
    mutating func dissolve(_ id: Int) -> Change {
        var change = Change()
        guard shares.count > 1, let index = shares.firstIndex(where: { $0.id == id }) else { return change }
        mayGrow = false
        let homeless = shares.remove(at: index).subscriptions
        place(homeless, noting: &change)
        return change
    }

    /// Lets new shares be begun again: what the server refused may have been a passing crowd.
    mutating func growAgain() { mayGrow = true }

    /// Finds a place for each: where there is room, then in new shares of equal size; where none may be begun, in all
    /// alike.
    private mutating func place(_ homeless: [Subscription], noting change: inout Change) {
        var rest = homeless[...]
        if mayGrow || shares.isEmpty {
            for index in shares.indices where !rest.isEmpty {
                put(&rest, atMost: capacity - shares[index].subscriptions.count, into: index, noting: &change)
            }
            var sharesToCome = (rest.count + capacity - 1) / capacity
            while sharesToCome > 0 {
                shares.append(Share(id: nextID, subscriptions: []))
                change.newShares.append(nextID)
                nextID += 1
                put(&rest, atMost: divided(rest.count, sharesToCome), into: shares.count - 1, noting: &change)
                sharesToCome -= 1
            }
        } else {
            let lightestFirst = shares.indices.sorted {
                shares[$0].subscriptions.count < shares[$1].subscriptions.count
            }
            for (position, index) in lightestFirst.enumerated() {
                put(&rest, atMost: divided(rest.count, shares.count - position), into: index, noting: &change)
            }
        }
    }

    private func divided(_ count: Int, _ parts: Int) -> Int { (count + parts - 1) / parts }

    private mutating func put(
        _ rest: inout ArraySlice<Subscription>, atMost count: Int, into index: Int, noting change: inout Change
    ) {
        let part = rest.prefix(max(count, 0))
        guard !part.isEmpty else { return }
        let id = shares[index].id
        shares[index].subscriptions += part
        change.added[id, default: []] += part
        rest = rest.dropFirst(part.count)
    }
}
