import Events

/// A REST request, as far as Crossbar looks at it.
struct CrossbarRequest: Equatable, Sendable {
    var method: String
    /// The path with its query.
    var target: String
    /// The headers, names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// The client's address, which has a bucket of request tokens.
    var address = "127.0.0.1"

    /// The words of the path.
    var path: [String] {
        let path = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return path.split(separator: "/").map(String.init)
    }

    /// Whether it asks for an auth token.
    var isLogin: Bool { method == "PUT" && [["v2", "user_auth"], ["v2", "api_auth"]].contains(path) }

    /// A parameter of the query, percent-decoded.
    func parameter(_ name: String) -> String? {
        guard let mark = target.firstIndex(of: "?") else { return nil }
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count > 1 ? Self.decode(parts[1]) : "" }
        }
        return nil
    }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(Substring(rest.prefix(2))), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A REST answer.
struct CrossbarResponse: Equatable, Sendable {
    var status: Int
    /// Headers besides those that every answer has.
    var headers: [CannedAnswer.Header] = []
    /// The JSON body; `nil` for none.
    var body: JSONValue?

    /// The answer as it goes out.
    var canned: CannedAnswer {
        CannedAnswer(
            status: status, contentType: body == nil ? nil : "application/json", headers: headers,
            body: body?.json ?? "")
    }
}
