/// Which events may go next.
///
/// A value without IO: what the journal holds goes in, what to remove comes out, a part at a time, so that events which
/// come are not kept waiting.
struct RetentionPlan: Sendable {
    /// What the journal holds.
    struct Extent: Equatable, Sendable {
        /// The numbers of the first and the last event.
        var events: ClosedRange<UInt64>
        /// How much of the file is in use, in bytes.
        var usedBytes: Int
        /// Up to where all consumers are done; `nil` when there is no consumer.
        var lowestCursor: UInt64?
        /// The number of the last event that is older than the retention's age; `nil` for none.
        var expired: UInt64?
    }

    /// What to remove.
    struct Step: Equatable, Sendable {
        /// The number of the last event that goes.
        var through: UInt64
        /// Whether consumers lose events that they have not read.
        var isForced: Bool
        /// Whether there is more to remove afterwards.
        var hasMore: Bool
    }

    let retention: Retention

    /// What to remove; `nil` for nothing.
    ///
    /// - Parameter limit: how many events at most.
    func step(for extent: Extent, limit: Int) -> Step? {
        let unread = extent.lowestCursor ?? .max
        let wanted = max(min(max(expired(in: extent), beyondCount(in: extent)), unread), beyondSize(in: extent))
        guard wanted >= extent.events.lowerBound else { return nil }
        let through = min(wanted, extent.events.lowerBound + UInt64(limit) - 1)
        return Step(through: through, isForced: through > unread, hasMore: through < wanted)
    }

    private func expired(in extent: Extent) -> UInt64 {
        retention.age == nil ? 0 : extent.expired ?? 0
    }

    private func beyondCount(in extent: Extent) -> UInt64 {
        guard let count = retention.count else { return 0 }
        return extent.events.upperBound - min(UInt64(count), extent.events.upperBound)
    }

    /// Somewhat more than is necessary, so that it is not necessary again at once.
    private func beyondSize(in extent: Extent) -> UInt64 {
        guard let size = retention.size, extent.usedBytes > size else { return 0 }
        let count = Double(extent.events.upperBound - extent.events.lowerBound) + 1
        let excess = Double(extent.usedBytes - size / 16 * 15) / Double(extent.usedBytes)
        let events = UInt64(max((count * excess).rounded(.up), 1))
        return min(extent.events.lowerBound + events - 1, extent.events.upperBound)
    }
}
