import Foundation

/// A login that a real Crossbar was asked for, and its answer (Tests/Fixtures/kazoo/README.md).
struct RecordedLogin {
    let name: String
    /// Which of the recorded answers it is: Servers/recorded_kazoo.py gives it below this path.
    let number: Int
    let path: String
    /// The `data` of the request, if it was JSON.
    let request: [String: String]?
    let status: Int
    /// The answer as JSON.
    let answer: [String: Any]

    /// Every attempt to log in that was recorded.
    static func all() throws -> [RecordedLogin] {
        let file = Stage.package.appendingPathComponent("Tests/Fixtures/kazoo/transcripts/v4/crossbar_http.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map(object)
        let requests = lines.filter { $0["dir"] as? String == "out" }
        let answers = lines.filter { $0["dir"] as? String == "in" }
        return try zip(requests, answers).enumerated().compactMap { number, pair in
            let (request, answer) = pair
            guard let path = request["path"] as? String, ["/v2/user_auth", "/v2/api_auth"].contains(path),
                let name = answer["name"] as? String, name == request["name"] as? String,
                let status = answer["status"] as? Int, let text = answer["body"] as? String
            else { return nil }
            let sent = try? object(Data((request["body"] as? String ?? "").utf8))
            return RecordedLogin(
                name: name, number: number, path: path, request: sent?["data"] as? [String: String], status: status,
                answer: try object(Data(text.utf8)))
        }
    }

    private static func object(_ text: Data) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: text) as? [String: Any] else {
            throw Unmet("not a JSON object: \(String(decoding: text, as: UTF8.self))")
        }
        return object
    }

    /// The login of kazoo-subscribe that sends the same request; `nil` when it would never send such a one.
    var login: Login? {
        guard let request, Set(request.keys).isSubset(of: Self.knownKeys) else { return nil }
        if let key = request["api_key"] { return .key(key) }
        guard let hash = request["credentials"], hash == hash.lowercased(),
            (hash.count == 32 ? "md5" : "sha") == request["method"] ?? "md5"
        else { return nil }
        if let realm = request["account_realm"] { return .hash(hash, account: ["--account-realm", realm]) }
        return request["account_name"].map { .hash(hash, account: ["--account-name", $0]) }
    }

    private static let knownKeys: Set = ["api_key", "credentials", "method", "account_realm", "account_name"]

    /// What the server found wrong with the fields of the request.
    var complaints: [String] {
        (answer["data"] as? [String: Any] ?? [:]).values.compactMap { $0 as? [String: Any] }
            .flatMap(\.values).compactMap { ($0 as? [String: Any])?["message"] as? String }
    }
}
