import Events
import Network

/// What a successful login tells.
public struct Login: Hashable, Sendable {
    /// The token for everything that follows.
    public var token: AuthToken
    /// How long the token lasts, counted by the server's clock from the login on; `nil` when the server does not say.
    public var lifetime: Duration?
    /// The account that was logged in to.
    public var accountID: String?
    /// Kazoo's version, such as `4.3.23`; the first number tells 4.x from 5.
    public var version: String?
    /// The WebSocket URL that the cluster announces (`ui_config.api.kazoo_websocket.url`), where it is set.
    public var websocketURL: String?
    /// How many request tokens this address has left in its bucket, where requests are metered.
    public var remainingTokens: Int?
    /// The server's clock when it answered, in seconds since the Unix epoch; `nil` when the server does not say.
    public var serverTime: Int?

    /// Reads the answer to a login.
    init(_ answer: CrossbarAnswer, from server: ServerURL, with credentials: Credentials) throws(CrossbarError) {
        guard answer.isSuccess else { throw CrossbarError(answer, from: server, at: .login(credentials)) }
        guard let text = answer.authToken, !text.isEmpty else {
            throw CrossbarError(
                code: .notKazoo, message: "\(server): the login succeeded but the answer holds no auth_token",
                status: answer.response.status)
        }
        token = AuthToken(text)
        serverTime = answer.envelope?["timestamp"]?.string.flatMap(ServerTime.unixSeconds)
        if let expiry = token.expiry, let now = serverTime {
            lifetime = expiry > now ? .seconds(expiry - now) : .zero
        }
        accountID = answer.data?["account_id"]?.string ?? token.accountID
        version = answer.envelope?["version"]?.string
        websocketURL = answer.data?["ui_config"]?["api"]?["kazoo_websocket"]?["url"]?.string
        remainingTokens = answer.envelope?["tokens"]?["remaining"]?.int
    }
}
