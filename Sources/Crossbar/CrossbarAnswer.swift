import Events
import Network
import Secrets

/// An answer of Crossbar, read as its envelope: `data`, `status`, `error`, `message`, `auth_token`.
struct CrossbarAnswer {
    let response: HTTPResponse
    let envelope: JSONValue?

    init(_ response: HTTPResponse) {
        self.response = response
        let value = try? response.body.withUnsafeBytes { try JSONValue(parsing: $0) }
        envelope = value?.members == nil ? nil : value
    }

    /// Every answer of Kazoo's API is an object with `status`; other servers' are not.
    var isKazoo: Bool { envelope?["status"]?.string != nil }
    var data: JSONValue? { envelope?["data"] }
    var isSuccess: Bool { (200..<300).contains(response.status) && envelope?["status"]?.string == "success" }

    /// The token, which Kazoo puts at the top level and some versions under `data`.
    var authToken: String? { envelope?["auth_token"]?.string ?? data?["auth_token"]?.string }

    /// What the server says is wrong, in its own words; without the values, which can be secrets.
    ///
    /// - Parameter secrets: what must not be shown, where the server repeats it.
    func complaint(without secrets: [Secret]) -> String { ServerText.clean(words, without: secrets, limit: 300) }

    private var words: String {
        if let fields = data?.members, response.status == 400 {
            let complaints = fields.flatMap { field in
                (field.value.members ?? []).map { rule in
                    "\(field.key): \(rule.value["message"]?.string ?? rule.key)" + Self.allowed(rule.value["target"])
                }
            }
            if !complaints.isEmpty { return complaints.joined(separator: "; ") }
        }
        let words = data?["message"]?.string ?? envelope?["message"]?.string ?? ""
        return words.replacing("_", with: " ")
    }

    private static func allowed(_ target: JSONValue?) -> String {
        guard let choices = target?.array?.compactMap(\.string), !choices.isEmpty else { return "" }
        return " (\(choices.joined(separator: ", ")))"
    }
}
