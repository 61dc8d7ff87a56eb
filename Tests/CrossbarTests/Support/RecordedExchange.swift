import Crossbar
import Events
import FoundationEssentials
import Network
import Secrets
import Testing

/// One REST request to a real Kazoo and its answer (Tests/Fixtures/kazoo/README.md).
struct RecordedExchange: CustomTestStringConvertible, Sendable {
    let name: String
    let method: String
    let path: String
    /// The body of the request; empty where there is none.
    let request: String
    /// The value of `X-Auth-Token` that was sent.
    let token: String?
    let response: HTTPResponse

    var testDescription: String { name }

    var isLogin: Bool { method == "PUT" && ["/v2/user_auth", "/v2/api_auth"].contains(path) }

    /// What the request proves itself with, where it does.
    var credentials: Credentials? {
        guard let data = try? JSONValue(parsing: request)["data"] else { return nil }
        if let key = data["api_key"]?.string { return .apiKey(Secret(key)) }
        guard let text = data["credentials"]?.string, let hash = try? CredentialHash(parsing: text) else { return nil }
        if let name = data["account_name"]?.string { return .user(hash, account: .name(name)) }
        return data["account_realm"]?.string.map { .user(hash, account: .realm($0)) }
    }

    /// Everything in request and answer that nobody may read.
    var secrets: [String] {
        let body = try? JSONValue(parsing: String(decoding: response.body, as: UTF8.self))
        let sent = try? JSONValue(parsing: request)
        return [
            token, body?["auth_token"]?.string, sent?["data"]?["credentials"]?.string,
            sent?["data"]?["api_key"]?.string,
        ]
        .compactMap(\.self)
    }

    static let all: [RecordedExchange] = {
        do {
            return try read()
        } catch {
            preconditionFailure("the recording cannot be read: \(error)")
        }
    }()

    static func named(_ name: String) throws -> RecordedExchange {
        try #require(all.first { $0.name == name }, "no exchange is called \(name)")
    }

    private static func read() throws -> [RecordedExchange] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Fixtures/kazoo/transcripts/v4/crossbar_http.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try JSONValue(parsing: String(decoding: $0, as: UTF8.self))
        }
        return try stride(from: 0, to: lines.count, by: 2).map { try RecordedExchange(lines[$0], lines[$0 + 1]) }
    }

    private init(_ out: JSONValue, _ back: JSONValue) throws {
        name = try #require(out["name"]?.string)
        method = try #require(out["method"]?.string)
        path = try #require(out["path"]?.string)
        request = out["body"]?.string ?? ""
        token = out["headers"]?["X-Auth-Token"]?.string
        let headers = (back["headers"]?.members ?? []).map { HTTPHeader(name: $0.key, value: $0.value.string ?? "") }
        response = HTTPResponse(
            status: try #require(back["status"]?.int), headers: headers,
            body: Array((back["body"]?.string ?? "").utf8))
    }
}

extension HTTPResponse {
    /// An answer that was not recorded.
    init(_ status: Int, _ body: String = "", type: String = "application/json") {
        self.init(status: status, headers: [HTTPHeader(name: "content-type", value: type)], body: Array(body.utf8))
    }
}

extension ServerURL {
    static let kazoo = ServerURL(scheme: .http, host: "kazoo.example.com", port: 8000)
}
