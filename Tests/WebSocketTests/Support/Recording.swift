import FoundationEssentials

/// One line of an exchange recorded from a real Kazoo (Tests/Fixtures/kazoo/README.md).
struct Recording: Decodable {
    enum Direction: String, Decodable {
        case out, `in`, note
    }

    let direction: Direction
    let conn: String?
    let http: String?
    let op: String?
    let text: String?
    let hex: String?
    let code: UInt16?
    let event: String?
    /// Whether the frame stands alone and has no reserved bit: one that a client like ours would send.
    let isPlain: Bool

    private enum CodingKeys: String, CodingKey {
        case direction = "dir"
        case conn, http, op, text, hex, code, event, fin, rsv
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        direction = try container.decode(Direction.self, forKey: .direction)
        conn = try container.decodeIfPresent(String.self, forKey: .conn)
        http = try container.decodeIfPresent(String.self, forKey: .http)
        // An opcode that has no name is recorded as its number.
        op = try? container.decodeIfPresent(String.self, forKey: .op)
        text = try container.decodeIfPresent(String.self, forKey: .text)
        hex = try container.decodeIfPresent(String.self, forKey: .hex)
        code = try container.decodeIfPresent(UInt16.self, forKey: .code)
        event = try container.decodeIfPresent(String.self, forKey: .event)
        isPlain = !container.contains(.fin) && !container.contains(.rsv)
    }

    /// The lines of a scenario, those of each connection together and in order.
    static func connections(_ version: String, _ scenario: String) throws -> [String: [Recording]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Fixtures/kazoo/transcripts/\(version)/\(scenario).jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        let recordings = try lines.map { try JSONDecoder().decode(Recording.self, from: $0) }
        return Dictionary(grouping: recordings.filter { $0.conn != nil }) { $0.conn ?? "" }
    }

    /// The bytes of a frame's payload.
    var payload: [UInt8] {
        guard let hex else { return Array((text ?? "").utf8) }
        let digits = Array(hex.utf8).map { UInt8(hexDigit: $0) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension UInt8 {
    fileprivate init(hexDigit: UInt8) {
        self = hexDigit < UInt8(ascii: "a") ? hexDigit - UInt8(ascii: "0") : hexDigit - UInt8(ascii: "a") + 10
    }
}
