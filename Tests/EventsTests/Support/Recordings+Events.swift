import Events
import TestSupport
import Testing

extension Recordings {
    /// One recorded event, such as `v5/call_CHANNEL_CREATE`.
    static func event(_ name: String) throws -> [UInt8] {
        try #require(try events().first { $0.name == name + ".json" }).bytes
    }

    /// Every text frame that a server has sent, in all transcripts.
    static func serverTexts() throws -> [[UInt8]] {
        try files(in: "transcripts", suffix: ".jsonl").flatMap { _, data in
            try data.split(separator: UInt8(ascii: "\n")).compactMap { line in
                let entry = try line.withUnsafeBytes { try JSONValue(parsing: $0) }
                guard entry["dir"] == "in", entry["op"] == "text" else { return nil }
                return try Array(#require(entry["text"]?.string).utf8)
            }
        }
    }
}

/// A batch of some events, each of which must be JSON.
func batch(
    _ events: [[UInt8]], receivedAt: Timestamp = Timestamp(microseconds: 1_795_225_657_000_125),
    connection: String = "kazoo-a#1", firstSequence: UInt64 = 7
) throws -> EventBatch {
    var batch = EventBatch(receivedAt: receivedAt, connection: connection, firstSequence: firstSequence)
    for event in events {
        try event.withUnsafeBytes { bytes in
            batch.append(event: bytes, located: try JSONScanner.scan(bytes))
        }
    }
    return batch
}

/// A batch of some events, each of which must be JSON.
func batch(_ events: String...) throws -> EventBatch {
    try batch(events.map { Array($0.utf8) })
}

/// What the scanner says of a text.
func scan(_ text: some Sequence<UInt8>, depthLimit: Int = JSONScanner.depthLimit) throws -> JSONScanner.Index {
    try Array(text).withUnsafeBytes { try JSONScanner.scan($0, depthLimit: depthLimit) }
}
