extension EventBatch {
    /// Appends a line that was kept somewhere, with the number, the moment and the connection that it had.
    ///
    /// The text is scanned again, which costs less than keeping where its values stand; an event that is no JSON any more
    /// becomes an invalid line.
    ///
    /// - Parameters:
    ///   - text: the line without its newline, as ``bytes`` held it.
    ///   - kind: what the line holds.
    ///   - sequence: its number; greater than those of the lines before.
    /// - Returns: `false` when the batch cannot hold it beside the lines that are there: the next batch begins with it.
    public mutating func append(
        kept text: UnsafeRawBufferPointer, kind: Line.Kind, sequence: UInt64, receivedAt: Timestamp, connection: String
    ) -> Bool {
        if isEmpty {
            removeAll(keepingCapacity: true)
            (firstSequence, self.receivedAt, self.connection) = (sequence, receivedAt, connection)
        }
        precondition(sequence >= nextSequence, "lines are restored in their order")
        let origin = Origin(receivedAt: receivedAt, connection: connection)
        let isNew = origin != origins.last ?? Origin(receivedAt: self.receivedAt, connection: self.connection)
        // Base64 makes a line longer by a third.
        guard sequence - firstSequence < UInt64(UInt32.max), bytes.count + 2 * text.count < Int(UInt32.max) - 64,
            !isNew || origins.count < Int(UInt16.max)
        else { return false }
        if isNew { origins.append(origin) }
        append(text, as: kind)
        let last = lines.count - 1
        lines[last].ordinal = UInt32(sequence - firstSequence)
        lines[last].origin = UInt16(origins.count)
        appended = lines[last].ordinal + 1
        return true
    }

    private mutating func append(_ text: UnsafeRawBufferPointer, as kind: Line.Kind) {
        guard kind == .event else {
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: text)
            return lines.append(finishLine(kind, from: start))
        }
        do {
            append(event: text, located: try JSONScanner.scan(text))
        } catch {
            append(invalid: text)
        }
    }
}
