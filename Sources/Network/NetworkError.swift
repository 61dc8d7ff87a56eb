import CCurl

/// Why a server could not be reached, or was lost.
///
/// The description is one line that names the server, what happened and what to do about it.
public struct NetworkError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. Open to growth: compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code, as it appears in logs.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The host name has no address.
        public static let unresolved = Self("unresolved")
        /// Nothing listens there, or the way there is closed.
        public static let unreachable = Self("unreachable")
        /// No answer in time.
        public static let timedOut = Self("timed_out")
        /// The server's certificate is not trusted.
        public static let untrustedCertificate = Self("untrusted_certificate")
        /// The TLS handshake failed for another reason.
        public static let tlsFailed = Self("tls_failed")
        /// A file of ours (authorities, certificate, key) cannot be used.
        public static let unusableFile = Self("unusable_file")
        /// The proxy refused or failed.
        public static let proxyFailed = Self("proxy_failed")
        /// The connection broke.
        public static let connectionLost = Self("connection_lost")
        /// The answer was not HTTP, or larger than allowed.
        public static let badAnswer = Self("bad_answer")
        /// We gave up ourselves, because the program is asked to stop.
        public static let abandoned = Self("abandoned")
    }

    /// What kind of failure it is.
    public var code: Code
    /// Host and port of the server.
    public var server: String
    /// What happened.
    public var message: String
    /// What to do about it; `nil` where there is nothing to say.
    public var remedy: String?

    /// Creates an error.
    public init(code: Code, server: String, message: String, remedy: String? = nil) {
        self.code = code
        self.server = server
        self.message = message
        self.remedy = remedy
    }

    /// One line: server, cause, remedy.
    public var description: String { "\(server): \(message)" + (remedy.map { " (\($0))" } ?? "") }
}

extension NetworkError {
    /// Explains a failure of libcurl.
    ///
    /// - Parameters:
    ///   - status: what libcurl returned.
    ///   - detail: the text of libcurl's error buffer, which knows more than the code.
    init(_ status: CURLcode, detail: String, url: ServerURL, options: NetworkOptions) {
        let detail = Self.sentence(
            detail.isEmpty ? String(cString: curl_easy_strerror(status)) : detail, proxy: options.proxy)
        var cause: (Code, String, String?)
        switch status {
        // libcurl has no codes of their own for these, and its words have changed over time.
        case _ where detail.contains("CONNECT tunnel failed, response 407"):
            cause = (
                .proxyFailed, "the proxy refused: \(detail)",
                "it wants a user name and password: name them in the proxy variable, http://USER:PASSWORD@PROXY:PORT"
            )
        case _ where detail.contains("CONNECT tunnel failed") || detail.contains("from proxy after CONNECT"):
            cause = (
                .proxyFailed, "the proxy refused: \(detail)",
                "the proxy must allow CONNECT to port \(url.port)"
            )
        case _ where detail.contains("alert certificate required"):
            cause = (.tlsFailed, "the server wants a client certificate: certificate required", "give --cert and --key")
        case CURLE_PEER_FAILED_VERIFICATION where detail.contains("subject name"):
            cause = (
                .untrustedCertificate, "the server's certificate is not for this name: \(detail)",
                "use a name that the certificate is for"
            )
        case CURLE_COULDNT_RESOLVE_HOST:
            cause = (.unresolved, "the host name cannot be resolved", "check the name and this machine's DNS")
        case CURLE_COULDNT_RESOLVE_PROXY:
            cause = (.proxyFailed, "the proxy's host name cannot be resolved", "check --proxy or the proxy variables")
        case CURLE_COULDNT_CONNECT:
            cause = (.unreachable, detail, "check host and port, and that the service runs there")
        case CURLE_OPERATION_TIMEDOUT where detail.hasPrefix("Resolving timed out"):
            cause = (
                .unresolved, "the host name cannot be resolved: no answer in time",
                "check the name and this machine's DNS"
            )
        case CURLE_OPERATION_TIMEDOUT:
            cause = (.timedOut, "no answer in time: \(detail)", "a firewall may drop the packets")
        case CURLE_PEER_FAILED_VERIFICATION:
            cause = (
                .untrustedCertificate, "the server's certificate is not trusted: \(detail)",
                "give its authority with --cacert FILE"
            )
        case CURLE_SSL_CONNECT_ERROR where detail.contains("wrong version number"):
            cause = (
                .tlsFailed, "the server does not speak TLS on this port",
                "use \(url.scheme == .https ? "http" : "ws")://, or the port that speaks TLS"
            )
        case CURLE_SSL_CONNECT_ERROR:
            cause = (.tlsFailed, "the TLS handshake failed: \(detail)", nil)
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
            cause = (.unusableFile, detail, "check --cacert, --cert and --key")
        case CURLE_PROXY:
            cause = (.proxyFailed, "the proxy failed: \(detail)", "check --proxy or the proxy variables")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_FILESIZE_EXCEEDED, CURLE_WRITE_ERROR,
            CURLE_BAD_CONTENT_ENCODING:
            cause = (.badAnswer, "not a usable HTTP answer: \(detail)", "is this the right port?")
        case CURLE_ABORTED_BY_CALLBACK:
            cause = (.abandoned, "abandoned, because the program is asked to stop", nil)
        case CURLE_GOT_NOTHING:
            cause = (.connectionLost, "the server closed the connection without an answer", "is this the right port?")
        default:
            cause = (.connectionLost, detail, nil)
        }
        if cause.0 == .unreachable || cause.0 == .timedOut {
            if let proxy = options.proxy, !proxy.isEmpty {
                cause.2 = "through the proxy \(proxy.withoutUserinfo); check that it runs"
            } else if detail.contains(" port "), !detail.contains(" port \(url.port) ") {
                cause.2 = "that is the environment's proxy (http_proxy, HTTPS_PROXY, ALL_PROXY); check that it runs"
            }
        }
        self.init(code: cause.0, server: url.authority, message: cause.1, remedy: cause.2)
    }

    /// libcurl's text on one line, without what a proxy's URL may hold: libcurl repeats one that it cannot use.
    private static func sentence(_ text: String, proxy: String?) -> String {
        var text = text
        if let proxy, !proxy.isEmpty { text = text.replacing(proxy, with: proxy.withoutUserinfo) }
        return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
            .split(separator: " ").map { String($0).withoutUserinfo }.joined(separator: " ")
    }
}

extension String {
    /// A URL without the user name and password that it may hold: they have no place in a message.
    var withoutUserinfo: String {
        let start = firstRange(of: "://")?.upperBound ?? startIndex
        guard let at = self[start...].lastIndex(of: "@") else { return self }
        return String(self[..<start] + self[index(after: at)...])
    }
}
