extension EventBatch {
    /// Whether lines of another batch can be joined to this one: those of a later one, which was not joined itself.
    public func isJoinable(with other: EventBatch) -> Bool {
        other.origins.isEmpty && origins.count < Int(UInt16.max) && other.firstSequence >= firstSequence
            && other.nextSequence - firstSequence <= UInt64(UInt32.max)
    }

    /// Appends lines of a later batch: they keep their sequence numbers, the moment they were received and the name of
    /// their connection.
    ///
    /// - Parameters:
    ///   - positions: the lines' positions in the other batch.
    ///   - other: a batch that is joinable; both together hold less than 4 GiB.
    public mutating func join(_ positions: Range<Int>, of other: EventBatch) {
        precondition(isJoinable(with: other), "only later batches can be joined")
        guard let first = positions.first, let last = positions.last else { return }
        let text = other.lines[first].range.lowerBound..<(other.lines[last].range.upperBound + 1)
        let (start, distance) = (bytes.count, UInt32(other.firstSequence - firstSequence))
        let origin = originOfLines(from: other)
        bytes.append(contentsOf: other.bytes[text])
        for position in positions {
            let line = other.lines[position]
            var joined = line.moved(to: UInt32(start + line.range.lowerBound - text.lowerBound))
            joined.ordinal += distance
            joined.origin = origin
            lines.append(joined)
        }
        appended = Swift.max(appended, distance + other.appended)
    }

    /// What stands in ``Line/origin`` of another batch's lines.
    private mutating func originOfLines(from other: EventBatch) -> UInt16 {
        let origin = Origin(receivedAt: other.receivedAt, connection: other.connection)
        let last = origins.last ?? Origin(receivedAt: receivedAt, connection: connection)
        if origin != last { origins.append(origin) }
        return UInt16(origins.count)
    }
}
