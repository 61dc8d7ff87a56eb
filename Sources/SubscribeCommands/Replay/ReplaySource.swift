import Events

/// Where replayed events come from: a journal, or a file that was recorded.
///
/// It belongs to one thread at a time, and blocks.
protocol ReplaySource {
    /// The next lines in their order; `nil` at the end.
    ///
    /// - Throws: a ``UsageError`` that says why it cannot be read on.
    mutating func next() throws -> EventBatch?

    /// How much of it has been read, 0 to 1; `nil` where nobody knows.
    var fraction: Double? { get }
}
