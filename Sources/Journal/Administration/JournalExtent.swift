/// How large a journal is.
public struct JournalExtent: Equatable, Sendable {
    /// The size of the database, in bytes.
    public var size: Int
    /// How much of it is free for events to come, in bytes.
    public var free: Int
    /// The size of the write-ahead log, in bytes.
    public var log: Int
    /// The version of its tables.
    public var version: Int
    /// The highest number that was ever given to a line.
    public var lastSequence: UInt64
}
