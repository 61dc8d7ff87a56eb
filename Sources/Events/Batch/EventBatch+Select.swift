extension EventBatch {
    /// Empties the batch for the next use; the sequence numbers go on where they are.
    public mutating func removeAll(keepingCapacity: Bool = false) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        lines.removeAll(keepingCapacity: keepingCapacity)
        firstSequence = nextSequence
        appended = 0
        origins = []
    }

    /// Takes lines out as if they had never been appended: the others are numbered anew, without holes.
    ///
    /// - Parameter positions: of the lines that go; they must ascend.
    public mutating func discard(_ positions: [Int]) {
        guard !positions.isEmpty else { return }
        remove(positions)
        for position in lines.indices { lines[position].ordinal = UInt32(position) }
        appended = UInt32(lines.count)
    }

    /// Keeps the lines that `isKept` wants and closes the gaps, in place; the lines keep their sequence numbers.
    public mutating func keep(where isKept: (EventView) throws -> Bool) rethrows {
        remove(try indices.filter { try !isKept(self[$0]) })
    }

    /// Takes out the lines at some positions, which must ascend, and closes the gaps, in place.
    mutating func remove(_ positions: [Int]) {
        // Nearly always everything is kept: nothing is moved before the first line that is not.
        guard let first = positions.first else { return }
        var kept = first
        var unwanted = positions[...]
        let end = bytes.withUnsafeMutableBytes { buffer in
            var end = lines[first].range.lowerBound
            for position in first..<lines.count {
                let line = lines[position]
                if position == unwanted.first {
                    unwanted.removeFirst()
                    continue
                }
                let length = line.range.count + 1
                if let base = buffer.baseAddress {
                    (base + end).copyMemory(from: base + line.range.lowerBound, byteCount: length)
                }
                lines[kept] = line.moved(to: UInt32(end))
                kept += 1
                end += length
            }
            return end
        }
        bytes.removeLast(bytes.count - end)
        lines.removeLast(lines.count - kept)
    }

    /// The first lines of the batch, at most `maximum` of them.
    public func prefix(lines maximum: Int) -> EventBatch {
        slice(0..<Swift.min(Swift.max(maximum, 0), count))
    }

    /// Cuts the batch into parts of at most `limit` bytes each; a line that is longer is a part of its own.
    public func split(atBytes limit: Int) -> [EventBatch] {
        guard bytes.count > limit else { return isEmpty ? [] : [self] }
        var parts: [EventBatch] = []
        var first = 0
        for position in indices.dropFirst() where textSize(of: first..<(position + 1)) > limit {
            parts.append(slice(first..<position))
            first = position
        }
        parts.append(slice(first..<count))
        return parts
    }

    /// The lines at some neighbouring positions, as a batch of their own with the same sequence numbers.
    public func slice(_ positions: Range<Int>) -> EventBatch {
        if positions == indices { return self }
        var part = self
        guard let first = positions.first, let last = positions.last else {
            part.bytes = []
            part.lines = []
            return part
        }
        let start = lines[first].text.lower
        part.bytes = Array(bytes[Int(start)..<end(of: last)])
        part.lines = lines[positions].map { $0.moved(to: $0.text.lower - start) }
        return part
    }

    /// The lines at some positions, which must ascend, as a batch of their own with the same sequence numbers.
    public func select(_ positions: [Int]) -> EventBatch {
        guard positions.count < count else { return self }
        var part = self
        part.bytes = []
        part.lines = []
        part.reserveCapacity(
            bytes: positions.reduce(0) { $0 + lines[$1].range.count + 1 }, lines: positions.count)
        for position in positions {
            part.lines.append(lines[position].moved(to: UInt32(part.bytes.count)))
            part.bytes.append(contentsOf: bytes[lines[position].range.lowerBound..<end(of: position)])
        }
        return part
    }

    /// The offset after the newline of a line.
    func end(of position: Int) -> Int {
        lines[position].range.upperBound + 1
    }
}
