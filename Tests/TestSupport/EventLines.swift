public import Events

/// A batch of some events, each of which must be JSON.
public func events(
    _ texts: String..., firstSequence: UInt64 = 1,
    receivedAt: Timestamp = Timestamp(microseconds: 1_795_225_657_000_125)
) throws -> EventBatch {
    try events(texts, firstSequence: firstSequence, receivedAt: receivedAt)
}

/// A batch of some events, each of which must be JSON.
public func events(
    _ texts: [String], firstSequence: UInt64 = 1, receivedAt: Timestamp = Timestamp(microseconds: 1_795_225_657_000_125)
) throws -> EventBatch {
    var batch = EventBatch(receivedAt: receivedAt, connection: "kazoo-a#1", firstSequence: firstSequence)
    for text in texts {
        try Array(text.utf8).withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
    }
    return batch
}
