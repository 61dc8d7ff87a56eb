/// An answer over HTTP that is given whatever was asked.
public struct CannedAnswer: Sendable, Equatable {
    /// One header line.
    public struct Header: Sendable, Equatable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// Creates a header line.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status code.
    public var status: Int
    /// The headers besides those that every answer has: `content-length`, `date` and `server`.
    public var headers: [Header]
    /// The body; it may be empty.
    public var body: String

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - contentType: The `content-type`; `nil` for none.
    ///   - headers: More headers.
    public init(
        status: Int, contentType: String? = nil, headers: [Header] = [], body: String = ""
    ) {
        self.status = status
        self.headers = (contentType.map { [Header(name: "content-type", value: $0)] } ?? []) + headers
        self.body = body
    }

    /// A page of HTML, as proxies and captive portals give it.
    public static func page(_ status: Int) -> CannedAnswer {
        CannedAnswer(
            status: status, contentType: "text/html",
            body: "<html><body><h1>\(status)</h1>\nNot what you asked for.\n</body></html>\n")
    }

    /// A redirection.
    public static func redirection(to location: String, status: Int = 302) -> CannedAnswer {
        CannedAnswer(status: status, headers: [Header(name: "location", value: location)])
    }
}
