public import Blackhole
public import Crossbar
package import Events
public import Network

/// What a session connects to, as whom, and what it wants there.
public struct SessionConfiguration: Sendable {
    /// Where the token comes from.
    public enum Authentication: Sendable {
        /// Log in to Crossbar. The credentials are read again for each login: a secret that was mended is found.
        case login(@Sendable () throws -> Credentials)
        /// A ready token; read again for each connection.
        case token(@Sendable () throws -> AuthToken)

        /// Log in to Crossbar, always with the same credentials.
        public static func login(_ credentials: Credentials) -> Self { .login { credentials } }
    }

    /// Which accounts a binding is wanted for.
    public enum Accounts: Hashable, Sendable {
        /// The account of the token.
        case own
        /// This one, or `*` for every account.
        case account(AccountID)
        /// Every account below the account of the token.
        case descendants
    }

    /// Bindings, and the accounts that they are wanted for.
    public struct Wanted: Hashable, Sendable {
        /// Which accounts.
        public var accounts: Accounts
        /// Which events.
        public var binding: Binding

        /// Creates a wish.
        public init(accounts: Accounts, binding: Binding) {
            self.accounts = accounts
            self.binding = binding
        }
    }

    /// Crossbar's address.
    public var server: ServerURL
    /// Blackhole's addresses, tried in order; empty for what the login announces and Kazoo's usual ports.
    public var websockets: [ServerURL]
    /// As whom.
    public var authentication: Authentication
    /// What is wanted at first.
    public var wanted: [Wanted]
    /// TLS, proxy, timeouts.
    public var network: NetworkOptions
    /// When to give up, how long to wait, how many connections to make.
    public var policy: SessionPolicy
    /// Where to remember until when nothing was missed; `nil` for nowhere.
    public var lastLive: LastLive?
    /// The number of the first event: 1, or where a session goes on that has ended, the number after its last.
    public var firstSequence: UInt64 = 1
    /// The calendar by which months turn; the system's, unless a test has its own.
    package var calendar: @Sendable () -> Timestamp = { .now }

    /// Creates a configuration.
    public init(
        server: ServerURL, websockets: [ServerURL] = [], authentication: Authentication, wanted: [Wanted],
        network: NetworkOptions = NetworkOptions(), policy: SessionPolicy = .oneShot
    ) {
        self.server = server
        self.websockets = websockets
        self.authentication = authentication
        self.wanted = wanted
        self.network = network
        self.policy = policy
    }

    /// The WebSocket URLs to try, in order.
    ///
    /// The ports are those that 2600Hz documents: 5555 without TLS; 7777 behind HAProxy and 5556 on the node with it.
    ///
    /// - Parameter announced: what the login named, which goes before the usual ports.
    package func websocketURLs(announced: String?) -> [ServerURL] {
        guard websockets.isEmpty else { return websockets }
        let usual =
            server.scheme.isSecure
            ? [
                ServerURL(scheme: .wss, host: server.host, port: 7777),
                ServerURL(scheme: .wss, host: server.host, port: 5556),
            ]
            : [ServerURL(scheme: .ws, host: server.host, port: 5555)]
        // Whoever logs in over TLS does not send the token in the clear afterwards, whatever the answer says.
        let schemes: [ServerURL.Scheme] = server.scheme.isSecure ? [.wss] : [.wss, .ws]
        guard let announced, let url = try? ServerURL(parsing: announced, schemes: schemes) else { return usual }
        return [url] + usual.filter { $0 != url }
    }
}
