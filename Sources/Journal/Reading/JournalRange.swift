public import Events

/// Lines of a journal: those between two numbers that were received between two moments.
public struct JournalRange: Equatable, Sendable {
    /// The numbers of the first and the last of them.
    public var sequences: ClosedRange<UInt64>
    /// None of them was received earlier; `nil` for any time.
    public var since: Timestamp?
    /// All of them were received earlier; `nil` for any time.
    public var until: Timestamp?

    /// How much of the range is behind a reader that has come to a number: 0 to 1.
    public func fraction(at sequence: UInt64) -> Double {
        guard sequence >= sequences.lowerBound else { return 0 }
        let (done, all) = (sequence - sequences.lowerBound + 1, sequences.upperBound - sequences.lowerBound + 1)
        return min(Double(done) / Double(all), 1)
    }
}
