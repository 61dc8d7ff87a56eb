import Blackhole
import Crossbar
import Network

/// What a login, or a ready token, allows: the token, whose it is, and where to connect.
struct Grant: Sendable {
    let token: AuthToken
    /// How long the token lasts from the login on; `nil` when unknown.
    let lifetime: Duration?
    /// The account of the token; `nil` when it does not say.
    let account: AccountID?
    let urls: [ServerURL]

    /// Logs in, or reads the token.
    init(
        _ configuration: SessionConfiguration, crossbar: borrowing CrossbarClient, report: (SessionReport) -> Void
    ) throws {
        let account: String?
        var announced: String?
        switch configuration.authentication {
        case .login(let credentials):
            report(.loggingIn(configuration.server))
            let login = try crossbar.login(try credentials())
            (token, lifetime, account, announced) = (login.token, login.lifetime, login.accountID, login.websocketURL)
            report(.loggedIn(account: account, version: login.version))
        case .token(let read):
            token = try read()
            // Nobody but the local clock says how old a ready token is: it is read again for each connection.
            (lifetime, account) = (.zero, token.accountID)
        }
        self.account = try account.map { try AccountID($0) }
        urls = configuration.websocketURLs(announced: announced)
    }
}
