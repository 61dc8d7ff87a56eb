extension EventBatch {
    /// How much memory the batch holds, in bytes: text, index, and what is reserved for more of them.
    ///
    /// Copies of a batch share it; each of them may be the last to hold it.
    public var memory: Int {
        bytes.capacity + lines.capacity * MemoryLayout<Line>.stride + Self.overhead
            + origins.capacity * MemoryLayout<Origin>.stride
    }

    /// How much memory some lines would hold as a batch of their own, in bytes.
    public func memory(of positions: Range<Int>) -> Int {
        textSize(of: positions) + positions.count * MemoryLayout<Line>.stride + Self.overhead
    }

    /// How long the text of some lines is with its newlines, in bytes.
    public func textSize(of positions: Range<Int>) -> Int {
        guard let first = positions.first, let last = positions.last else { return 0 }
        return end(of: last) - lines[first].range.lowerBound
    }

    /// The same batch for whoever keeps it: the buffers of one that is filled again and again are as large as the greatest
    /// burst was. Copies the lines where they fill less than half of the buffers.
    public var compact: EventBatch {
        let needed = memory(of: indices)
        guard memory > needed * 2 else { return self }
        var copy = self
        copy.bytes = []
        copy.lines = []
        copy.reserveCapacity(bytes: bytes.count, lines: lines.count)
        copy.bytes += bytes
        copy.lines += lines
        return copy
    }

    /// The batch itself, and the headers of its buffers as the allocator rounds them up. In bytes.
    private static let overhead = MemoryLayout<EventBatch>.stride + 2 * 48
}
