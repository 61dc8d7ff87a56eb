/// How a connection was made: how long each stage took, where it led, and what the server showed of itself.
///
/// A stage that was not passed, or does not belong to the connection, is `nil`; so the first `nil` tells where an attempt
/// failed. Through a proxy, the first two stages are those of the way to the proxy.
public struct ConnectionTrace: Equatable, Sendable {
    /// How long it took to turn the host name into addresses.
    public var resolving: Duration?
    /// How long it took to open the TCP connection.
    public var connecting: Duration?
    /// How long TLS took, and where there is a proxy its part before that.
    public var securing: Duration?
    /// How long the whole attempt took.
    public var total: Duration = .zero
    /// The addresses that were tried, in order, with their ports.
    public var addresses: [String] = []
    /// The address that answered, with its port.
    public var peer: String?
    /// What the system said to the last address that failed, such as `Connection refused`.
    public var systemError: String?
    /// The version of TLS and the cipher, such as `TLSv1.3 / TLS_AES_256_GCM_SHA384`.
    public var tls: String?
    /// The server's own certificate.
    public var certificate: Certificate?

    /// What a certificate says.
    public struct Certificate: Equatable, Sendable {
        /// Whom it is for, such as `CN = kazoo.example.com`.
        public var subject: String
        /// Who vouches for that.
        public var issuer: String
        /// When it ends, in seconds since the Unix epoch; `nil` when libcurl words it in an unknown way.
        public var expiry: Int?

        /// Creates a certificate.
        public init(subject: String, issuer: String, expiry: Int?) {
            self.subject = subject
            self.issuer = issuer
            self.expiry = expiry
        }
    }

    /// Nothing has happened yet.
    public init() {}
}
