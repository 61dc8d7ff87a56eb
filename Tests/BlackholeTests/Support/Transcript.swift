import Events
import FoundationEssentials
import Testing

/// One recorded conversation with real Kazoo (`Tests/Fixtures/kazoo/transcripts`).
struct Transcript {
    /// A request to subscribe, and what the server answered.
    struct Exchange {
        var release: String
        var token: String?
        var account: JSONValue?
        var binding: JSONValue?
        var reply: String
        var isSuccess: Bool
        var errors: [String]
    }

    /// What one side has sent.
    struct Message {
        var isFromServer: Bool
        var text: String
        var value: JSONValue?
    }

    /// The text frames, in order.
    let messages: [Message]
    private let release: String

    /// Reads a transcript, such as `v4/auth`.
    init(_ name: String) throws {
        let file = Self.folder.appending(path: name + ".jsonl")
        let lines = Array(try Data(contentsOf: file)).split(separator: UInt8(ascii: "\n"))
        messages = try lines.compactMap { line in
            let entry = try line.withUnsafeBytes { try JSONValue(parsing: $0) }
            guard entry["op"] == "text", let text = entry["text"]?.string else { return nil }
            return Message(isFromServer: entry["dir"] == "in", text: text, value: try? JSONValue(parsing: text))
        }
        release = String(name.prefix { $0 != "/" })
    }

    /// The names of all transcripts.
    static func names() throws -> [String] {
        try ["v4", "v5"].flatMap { release in
            try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: release).path()).sorted()
                .filter { $0.hasSuffix(".jsonl") }
                .map { "\(release)/\($0.dropLast(".jsonl".count))" }
        }
    }

    /// Every request that has been answered, matched by `request_id`.
    var exchanges: [Exchange] {
        var pending: [String: Message] = [:]
        var exchanges: [Exchange] = []
        for message in messages {
            guard let value = message.value, let id = value["request_id"]?.string else { continue }
            if !message.isFromServer {
                pending[id] = message
            } else if let request = pending.removeValue(forKey: id)?.value, value["action"] == "reply" {
                exchanges.append(
                    Exchange(
                        release: release, token: request["auth_token"]?.string,
                        account: request["action"] == "subscribe" ? request["data"]?["account_id"] : nil,
                        binding: request["action"] == "subscribe" ? request["data"]?["binding"] : nil,
                        reply: message.text, isSuccess: value["status"] == "success",
                        errors: value["data"]?["errors"]?.array?.compactMap(\.string) ?? []))
            }
        }
        return exchanges
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/kazoo/transcripts")
}
