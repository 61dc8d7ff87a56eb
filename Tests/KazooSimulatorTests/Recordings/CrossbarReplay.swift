import Events

@testable import KazooSimulator

/// One recorded REST exchange with real Crossbar.
struct CrossbarExchange {
    var name: String
    var request: CrossbarRequest
    var status: Int
    var location: String?
    var body: JSONValue?

    /// Pairs the requests of the recording with their responses.
    static func recorded() throws -> (exchanges: [CrossbarExchange], began: Int64) {
        let recording = try Recording(.v4, "crossbar_http")
        let exchanges = zip(recording.lines, recording.lines.dropFirst()).compactMap { out, answer in
            out.direction == .out && answer.direction == .in ? CrossbarExchange(out, answer) : nil
        }
        return (exchanges, recording.began)
    }

    private init?(_ out: Recording.Line, _ answer: Recording.Line) {
        guard let method = out["method"]?.string, let path = out["path"]?.string, let status = answer["status"]?.int
        else { return nil }
        let headers = (out["headers"]?.members ?? []).map { ($0.key.lowercased(), $0.value.string ?? "") }
        name = out.connection
        request = CrossbarRequest(
            method: method, target: path, headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }),
            body: Array((out["body"]?.string ?? "").utf8), address: name)
        self.status = status
        location = answer["headers"]?["location"]?.string
        body = answer["body"]?.string.flatMap { JSONValue(reading: Array($0.utf8)) }
    }

    /// The tokens that the request carries.
    var tokens: [Substring] {
        let text = request.target + " " + request.headers.values.joined(separator: " ")
        return text.split(whereSeparator: { " =&/".contains($0) }).filter { $0.hasPrefix("eyJ") }
    }

    /// An answer without what is random or a matter of the moment.
    static func normalise(_ body: JSONValue?) -> JSONValue? {
        guard let members = body?.members else { return body }
        return .object(
            members.compactMap { member in
                switch member.key {
                case "timestamp", "node", "request_id": .init(member.key, "<random>")
                case "auth_token":
                    .init(member.key, member.value.string?.hasPrefix("eyJ") == true ? "<token>" : member.value)
                case "tokens": .init("tokens", .object([.init("consumed", member.value["consumed"] ?? .null)]))
                case "revision" where member.value.string?.count == 32: .init("revision", "<random>")
                default: member
                }
            })
    }
}
