import FoundationEssentials

/// The events that were recorded from real Kazoo (`Tests/Fixtures/kazoo/events`).
enum Recordings {
    /// Each event, byte for byte, without a newline at the end.
    static func events() throws -> [[UInt8]] {
        try ["v4", "v5"].flatMap { release in
            let folder = folder.appending(path: release)
            return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
                .filter { $0.hasSuffix(".json") }
                .map { name in
                    let data = Array(try Data(contentsOf: folder.appending(path: name)))
                    return data.last == UInt8(ascii: "\n") ? Array(data.dropLast()) : data
                }
        }
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/kazoo/events")
}
