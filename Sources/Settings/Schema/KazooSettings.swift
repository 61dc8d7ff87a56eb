/// The section `kazoo`: which cluster, as whom, over which network, and how it is held on to.
public struct KazooSettings: Equatable, Sendable {
    /// The URL of Crossbar.
    public var server: Located<String>
    /// The URLs of blackhole, in order; empty for the usual ones.
    public var websockets: [Located<String>]
    /// As whom.
    public var login: LoginSettings
    /// TLS.
    public var tls: TLSSettings
    /// An HTTP or SOCKS proxy, which may hold a password; `nil` for what the environment says (`http_proxy`, …).
    public var proxy: Located<String>?
    /// How many connections bring the same events, so that the loss of one loses nothing.
    public var redundancy: Int
    /// How many subscriptions one connection has at the most.
    public var subscriptionsPerConnection: Int
    /// How often subscriptions are made anew, because Kazoo can lose them without a word.
    public var renewal: Duration
    /// How often the list of descendant accounts is fetched.
    public var descendantsInterval: Duration
}

extension KazooSettings: SectionReadable {
    /// Reads the keys.
    public init?(from section: inout Section) {
        let server = section.required("server", .located(.text(.server)))
        let websockets = section.optional("websocket", .oneOrMore(.located(.text(.websocket)))) ?? []
        let login = LoginSettings(from: &section)
        let tls = section.section("tls", TLSSettings.self)
        let proxy = section.optional("proxy", .located(.proxy))
        let redundancy = section.value("redundancy", .integer(1...8), default: "1")
        let subscriptions = section.value(
            "subscriptions_per_connection", .integer(1...100_000), default: "500")
        let renewal = section.value("renew", .duration(.seconds(10)...Quantity.longest), default: "15m")
        let descendants = section.value(
            "follow_descendants", .duration(.seconds(1)...Quantity.longest), default: "60s")
        guard let server, let login, let tls else { return nil }
        self.init(
            server: server, websockets: websockets, login: login, tls: tls, proxy: proxy, redundancy: redundancy,
            subscriptionsPerConnection: subscriptions, renewal: renewal, descendantsInterval: descendants)
    }
}

/// The keys below `kazoo.tls`, as curl has them for options.
public struct TLSSettings: Equatable, Sendable, SectionReadable {
    /// The certificate authorities that are trusted, PEM; `nil` for `SSL_CERT_FILE` or the system's.
    public var authorities: Located<String>?
    /// The client's certificate, PEM.
    public var certificate: Located<String>?
    /// Its key, PEM.
    public var key: Located<String>?
    /// Whether any certificate is accepted.
    public var isInsecure: Bool

    /// Reads the keys.
    public init?(from section: inout Section) {
        authorities = section.optional("cacert", .located(.path(.readableFile)))
        certificate = section.optional("cert", .located(.path(.readableFile)))
        key = section.optional("key", .located(.path(.secretFile)))
        isInsecure = section.value("insecure", .boolean, default: "false")
        for (present, absent) in [("cert", "key"), ("key", "cert")]
        where section.has(present) && !section.has(absent) {
            section.report("“\(present)” and “\(absent)” belong together; give both", at: section.origin(of: present))
        }
        if isInsecure {
            section.warn(
                "no certificate is checked; anybody in between can read the credentials and invent events",
                at: section.origin(of: "insecure"))
        }
    }
}

extension Reading<String> {
    /// The URL of a proxy, of which user and password are not shown.
    fileprivate static var proxy: Self {
        Self { node, findings in
            var outcome = text.read(node, &findings)
            guard let url = outcome.value, let at = url.lastIndex(of: "@") else { return outcome }
            findings.noteSecret(at: node.origin)
            let scheme = url.firstRange(of: "://").map { url[..<$0.upperBound] } ?? ""
            outcome.shown = YAMLNode(text: scheme + "<redacted>" + url[at...], origin: node.origin)
            return outcome
        }
    }
}
