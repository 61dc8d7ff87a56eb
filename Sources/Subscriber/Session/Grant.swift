import Blackhole
import Crossbar
import Events
import Network

/// What a login, or a ready token, allows: the token, where to connect, and the subscriptions to ask for.
struct Grant {
    var token: AuthToken
    /// How long the token lasts from the login on; `nil` when unknown.
    var lifetime: Duration?
    var urls: [ServerURL]
    var subscriptions: [Subscription]

    /// Logs in, or reads the token, and turns what is wanted into subscriptions.
    init(
        _ configuration: SessionConfiguration, crossbar: borrowing CrossbarClient, report: (SessionReport) -> Void
    ) throws {
        var account: String?
        var announced: String?
        switch configuration.authentication {
        case .login(let credentials):
            report(.loggingIn(configuration.server))
            let login = try crossbar.login(credentials)
            (token, lifetime, account, announced) = (login.token, login.lifetime, login.accountID, login.websocketURL)
            report(.loggedIn(account: account, version: login.version))
        case .token(let read):
            token = try read()
            // Nobody but the local clock says how old a ready token is: it is read again for each connection.
            (lifetime, account) = (.zero, token.accountID)
        }
        urls = configuration.websocketURLs(announced: announced)
        subscriptions = try Self.subscriptions(configuration.wanted, account: account, crossbar: crossbar, token: token)
        guard !subscriptions.isEmpty else {
            throw SessionFailure(.rejected, "the account has no descendants yet: there is nothing to subscribe to")
        }
    }

    /// One subscription for each account and binding, each once, in the order of the wishes.
    private static func subscriptions(
        _ wanted: [SessionConfiguration.Wanted], account: String?, crossbar: borrowing CrossbarClient, token: AuthToken
    ) throws -> [Subscription] {
        func own() throws -> AccountID {
            guard let account else {
                throw SessionFailure(.rejected, "the token does not name its account; give --account ID")
            }
            return try AccountID(account)
        }
        var descendants: [AccountID]?
        var known: Set<Subscription> = []
        var result: [Subscription] = []
        for wish in wanted {
            let accounts: [AccountID]
            switch wish.accounts {
            case .own: accounts = [try own()]
            case .account(let id): accounts = [id]
            case .descendants:
                accounts =
                    try descendants
                    ?? crossbar.descendants(of: own().description, token: token).map { try AccountID($0) }
                descendants = accounts
            }
            for account in accounts {
                let subscription = try Subscription(account: account, binding: wish.binding)
                if known.insert(subscription).inserted { result.append(subscription) }
            }
        }
        return result
    }
}
