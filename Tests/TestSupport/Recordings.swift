import FoundationEssentials

/// What has been recorded from real Kazoo (`Tests/Fixtures/kazoo`).
public enum Recordings {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/kazoo")

    /// The files under `events/v4` and `events/v5`, by name, byte for byte, without a newline at the end.
    public static func events() throws -> [(name: String, bytes: [UInt8])] {
        try files(in: "events", suffix: ".json").map { name, data in
            (name, data.last == UInt8(ascii: "\n") ? Array(data.dropLast()) : data)
        }
    }

    /// The files of one kind, by name, such as `v5/call_CHANNEL_CREATE.json`.
    public static func files(in kind: String, suffix: String) throws -> [(name: String, bytes: [UInt8])] {
        try ["v4", "v5"].flatMap { release in
            let folder = folder.appending(path: "\(kind)/\(release)")
            return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
                .filter { $0.hasSuffix(suffix) }
                .map { ("\(release)/\($0)", Array(try Data(contentsOf: folder.appending(path: $0)))) }
        }
    }
}
