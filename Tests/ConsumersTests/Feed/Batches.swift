import Events

/// A batch of events, or of notices, whose texts are their sequence numbers.
func batch(
    _ sequences: ClosedRange<UInt64>, at time: Int64 = 0, length: Int = 0, isNotice: Bool = false,
    connection: String = "a"
) throws -> EventBatch {
    var batch = EventBatch(
        receivedAt: Timestamp(microseconds: time), connection: connection, firstSequence: sequences.lowerBound)
    batch.reserveCapacity(bytes: sequences.count * (length + 24), lines: sequences.count)
    for sequence in sequences {
        if isNotice {
            batch.append(notice: ["notice": .number("\(sequence)")])
        } else {
            let text = Array(#"{"n":\#(sequence),"x":"\#(String(repeating: "x", count: length))"}"#.utf8)
            try text.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
    }
    return batch
}

extension EventBatch {
    /// What the lines of ``batch(_:at:length:isNotice:connection:)`` say, `-1` and so on for notices.
    var numbers: [Int] {
        map { line in
            let value = try? line.json.withUnsafeBytes { try JSONValue(parsing: $0) }
            return value?["n"]?.int ?? value?["notice"]?.int.map { -$0 } ?? .min
        }
    }
}
