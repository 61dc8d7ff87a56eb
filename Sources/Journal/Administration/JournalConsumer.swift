public import Events

/// Where a consumer stands in a journal.
public struct JournalConsumer: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// It is done with everything up to this number.
    public var position: UInt64
    /// When it moved last.
    public var changedAt: Timestamp
    /// How many lines have come that it is not done with, at most: those that it will not want are counted, too.
    public var behind: Int
    /// When the oldest of them was received; `nil` when there is none.
    public var oldest: Timestamp?
    /// How many dead letters it has.
    public var letters: Int
}
