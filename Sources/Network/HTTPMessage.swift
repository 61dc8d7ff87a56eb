/// One header field of HTTP.
public struct HTTPHeader: Hashable, Sendable {
    /// The field's name; lower case in answers.
    public var name: String
    /// The field's value, without the white space around it.
    public var value: String

    /// Creates a header field.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What is asked of an HTTP server.
public struct HTTPRequest: Sendable {
    /// Such as `PUT`.
    public var method: String
    /// What is asked for.
    public var url: ServerURL
    /// Header fields beyond those that libcurl sends by itself.
    public var headers: [HTTPHeader]
    /// The body; `nil` for none.
    public var body: [UInt8]?

    /// Creates a request.
    public init(method: String, url: ServerURL, headers: [HTTPHeader] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What an HTTP server answered.
public struct HTTPResponse: Sendable {
    /// The status code, such as 201.
    public var status: Int
    /// The header fields, names in lower case.
    public var headers: [HTTPHeader]
    /// The body, decompressed.
    public var body: [UInt8]

    /// Creates a response.
    public init(status: Int, headers: [HTTPHeader], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header field; `name` in lower case.
    public subscript(header name: String) -> String? { headers.first { $0.name == name }?.value }
}
