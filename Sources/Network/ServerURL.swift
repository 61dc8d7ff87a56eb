import CCurl

/// The address of a server: scheme, host, port and resource, parsed by libcurl.
///
/// Only `http`, `https`, `ws` and `wss` are known. A user name or password inside a URL is refused: command lines and
/// logs are no place for secrets.
public struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    /// How the server is spoken to.
    public enum Scheme: String, Sendable {
        case http, https, ws, wss

        /// Whether the transport is TLS.
        public var isSecure: Bool { self == .https || self == .wss }

        /// The port where the URL names none (RFC 9110 section 4.2, RFC 6455 section 3).
        public var defaultPort: UInt16 { isSecure ? 443 : 80 }

        /// The scheme that libcurl knows for the same transport: Debian's build has no `ws`.
        var transport: String { isSecure ? "https" : "http" }
    }

    /// Why a text is not the address of a server.
    public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, and what a right address looks like.
        public let description: String
    }

    /// How the server is spoken to.
    public var scheme: Scheme
    /// The host name or address; an IPv6 address stands without brackets.
    public var host: String
    /// The port, the scheme's default where the text names none.
    public var port: UInt16
    /// The path, beginning with `/`, without a `/` at its end.
    public var path: String
    /// The query, without `?`; `nil` where there is none.
    public var query: String?

    /// Creates an address from its parts.
    public init(scheme: Scheme, host: String, port: UInt16? = nil, path: String = "/", query: String? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.defaultPort
        self.path = path
        self.query = query
    }

    /// Parses an address such as `https://kazoo.example.com:8443`.
    ///
    /// - Parameters:
    ///   - text: the URL.
    ///   - schemes: which schemes make sense where it is used.
    /// - Throws: ``ParseError``, which says what is wrong and shows a right form.
    public init(parsing text: String, schemes: [Scheme]) throws(ParseError) {
        let example = "\(schemes.first?.rawValue ?? "http")://host:port"
        let wanted = schemes.map(\.rawValue).joined(separator: ", ")
        let shown = text.withoutUserinfo
        guard !text.contains(where: { $0.isWhitespace || $0.isNewline }),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw ParseError(description: "a URL cannot contain spaces or control characters; write \(example)") }
        guard text.contains("://") else {
            throw ParseError(
                description:
                    "“\(shown)” has no scheme (\(wanted)); did you mean “\(example.prefix(while: { $0 != ":" }))://\(shown)”?"
            )
        }
        guard let handle = curl_url() else { throw ParseError(description: "out of memory") }
        defer { curl_url_cleanup(handle) }
        let status = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard status == CURLUE_OK else {
            throw ParseError(
                description: "“\(shown)” is not a URL (\(String(cString: curl_url_strerror(status)))); write \(example)"
            )
        }
        func part(_ which: CURLUPart) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, which, &value, 0) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
        let schemeText = part(CURLUPART_SCHEME) ?? ""
        guard let scheme = Scheme(rawValue: schemeText.lowercased()), schemes.contains(scheme) else {
            throw ParseError(description: "the scheme “\(schemeText)” cannot be used here; use one of \(wanted)")
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw ParseError(
                description:
                    "a URL with a user name or password in it is refused, because command lines and logs show it")
        }
        guard let host = part(CURLUPART_HOST), !host.isEmpty else {
            throw ParseError(description: "“\(shown)” names no host; write \(example)")
        }
        var port: UInt16?
        if let digits = part(CURLUPART_PORT) {
            guard let number = UInt16(digits), number > 0 else {
                throw ParseError(description: "“\(digits)” is not a port; use 1 to 65535")
            }
            port = number
        }
        var path = part(CURLUPART_PATH) ?? "/"
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.init(scheme: scheme, host: bare, port: port, path: path, query: part(CURLUPART_QUERY))
    }

    /// The host as it stands in a URL: an IPv6 address in brackets.
    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// The value of an HTTP `Host` header: the port only where it is not the scheme's default (RFC 9110 section 7.2).
    public var hostHeader: String { port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)" }

    /// Host and port, as an error message names them.
    public var authority: String { "\(bracketedHost):\(port)" }

    /// What a request line asks for: path and query.
    public var resource: String { query.map { "\(path)?\($0)" } ?? path }

    /// The URL as text, with its port.
    public var description: String { "\(scheme.rawValue)://\(authority)\(path == "/" && query == nil ? "" : resource)" }

    /// The URL that is handed to libcurl.
    var transportURL: String { "\(scheme.transport)://\(authority)\(resource)" }

    /// The same server with another path below this one's, such as `/v2/user_auth` below `/`.
    public func appending(path suffix: String, query: String? = nil) -> ServerURL {
        var copy = self
        copy.path = path == "/" ? suffix : path + suffix
        copy.query = query
        return copy
    }
}
