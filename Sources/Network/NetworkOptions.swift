import Glibc

/// How every connection is made, REST and WebSocket alike: TLS, proxy, timeouts.
///
/// The defaults are what a careful operator wants: certificates are verified against the system's authorities, the
/// environment's proxy is used, and nothing waits for ever.
public struct NetworkOptions: Sendable {
    /// A file of certificate authorities in PEM form, instead of the system's; also `SSL_CERT_FILE`.
    public var authorities: String?
    /// The client's certificate, a file in PEM form.
    public var certificate: String?
    /// The key of ``certificate``, a file in PEM form.
    public var key: String?
    /// Accept any certificate. For a laboratory only.
    public var isInsecure = false
    /// A proxy's URL; `nil` leaves the choice to `http_proxy`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    public var proxy: String?
    /// How long resolving, connecting and the TLS handshake may take together.
    public var connectTimeout: Duration = .seconds(10)
    /// How long a whole HTTP request may take.
    public var requestTimeout: Duration = .seconds(30)
    /// How long sent bytes may stay unacknowledged before the connection counts as dead (`TCP_USER_TIMEOUT`).
    public var unacknowledgedTimeout: Duration = .seconds(30)
    /// What the client calls itself in `User-Agent`.
    public var userAgent = "kazoo-subscribe"

    /// The default options.
    public init() {}

    /// Whether a connection may go through a proxy, to which there may be TLS.
    var mayUseProxy: Bool {
        if let proxy { return !proxy.isEmpty }
        let variables: [String] = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        return variables.contains { getenv($0) != nil }
    }
}
