import Testing

/// What a server, or whatever stands in its place, may answer to any request.
struct Answer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The bytes on the wire; empty for none at all, which is no answer.
    let text: String

    private init(_ name: String, _ text: String) {
        testDescription = name
        self.text = text
    }

    private static func http(_ status: String, _ body: String, type: String = "application/json") -> Self {
        Self(
            "\(status), \(type), \(body.count) characters",
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)")
    }

    /// Kazoo's answer to wrong credentials.
    static let unauthorized = http(
        "401 Unauthorized",
        #"{"data":{"message":"invalid credentials"},"error":"401","message":"invalid_credentials","status":"error"}"#)

    /// Kazoo's answer when the bucket of request tokens is empty.
    static let tooManyRequests = http(
        "429 Too Many Requests",
        #"{"data":{"message":"too many requests"},"error":"429","message":"too_many_requests","status":"error"}"#)

    /// Whether it asks for fewer requests.
    var asksForPatience: Bool { testDescription.hasPrefix("429") }

    /// A crash that Kazoo explains.
    static let internalError = http(
        "500 Internal Server Error",
        #"{"data":{"message":"init failed"},"error":"500","message":"init failed","status":"error"}"#)

    /// Any status without a body.
    static func bare(_ status: String) -> Self { http(status, "") }

    /// A proxy's page in place of the answer.
    static func page(_ status: String) -> Self {
        http(status, "<html><body><h1>\(status)</h1>The proxy is not itself today.</body></html>", type: "text/html")
    }

    /// The way to somewhere else.
    static let redirect = Self(
        "302 Found",
        "HTTP/1.1 302 Found\r\nLocation: https://portal.example.com/welcome\r\nContent-Length: 0\r\n"
            + "Connection: close\r\n\r\n")

    /// Success, says the status, and the body breaks off.
    static let brokenJSON = http("201 Created", #"{"auth_token":"#)

    /// Success, says the status, and what matters is not there.
    static let emptyJSON = http("201 Created", "{}")

    /// Something that speaks another protocol.
    static let otherProtocol = Self("another protocol", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")

    /// The request is taken, and that is all.
    static let nothing = Self("nothing", "")
}
