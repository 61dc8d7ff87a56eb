import Events
import Network
import Secrets
import Testing

@testable import Crossbar

/// Every exchange with a real Kazoo, read as the client reads it.
@Suite struct RecordedCrossbarTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"

    /// What the failures of the recording mean; a name that is not here succeeds.
    private static let failures: [String: CrossbarError.Code] = [
        "user_auth uppercase hex": .wrongCredentials,
        "user_auth username with capital": .wrongCredentials,
        "user_auth bad password": .wrongCredentials,
        "user_auth unknown realm": .wrongCredentials,
        "user_auth unknown name": .wrongCredentials,
        "user_auth no account": .wrongCredentials,
        "user_auth no credentials": .invalidRequest,
        "user_auth bad method": .invalidRequest,
        "user_auth method sha with md5 hash": .wrongCredentials,
        "user_auth no data": .invalidRequest,
        "user_auth no data wrapper": .invalidRequest,
        "user_auth bad json": .invalidRequest,
        "user_auth empty body": .invalidRequest,
        "user_auth text/plain": .invalidRequest,
        "user_auth POST": .notKazoo,
        "api_auth unknown": .unknownAPIKey,
        "api_auth short": .invalidRequest,
        "api_auth upper": .unknownAPIKey,
        "api_auth extra property": .invalidRequest,
        "GET account, Authorization Bearer": .tokenRefused,
        "GET account no token": .tokenRefused,
        "GET account bad token": .tokenRefused,
        "GET account expired token": .tokenRefused,
        "GET account jwt-shaped garbage": .tokenRefused,
        "GET foreign account": .forbidden,
        "GET unknown account": .notFound,
        "GET parent account": .forbidden,
        "user_auth GET token": .forbidden,
        "one websocket": .serverFailed,
        "one websocket unknown": .serverFailed,
        "rate limited login (token_costs=60) 0": .rateLimited,
        "rate limited login (token_costs=60) 1": .rateLimited,
        "rate limited login (token_costs=60) 2": .rateLimited,
    ]

    /// The same name stands for an attempt that failed and one that did not.
    private static let sometimes: [String: CrossbarError.Code] = [
        "websockets of account": .serverFailed, "new user": .invalidRequest,
    ]

    @Test func recordingIsWhole() {
        #expect(RecordedExchange.all.count == 73)
        let names = Set(RecordedExchange.all.map(\.name))
        #expect(names.isSuperset(of: Self.failures.keys))
        #expect(names.isSuperset(of: Self.sometimes.keys))
    }

    @Test(arguments: RecordedExchange.all.filter(\.isLogin))
    func login(_ exchange: RecordedExchange) throws {
        let answer = CrossbarAnswer(exchange.response)
        #expect(answer.isKazoo)
        let hash = try CredentialHash(parsing: "2d1e4f91dae49cd08eaba2293e422273")
        let credentials = exchange.credentials ?? .user(hash, account: .realm("acme.sip.example.com"))
        guard let code = Self.failures[exchange.name] else {
            let login = try Login(answer, from: .kazoo, with: credentials)
            #expect(login.token.value.reveal() == answer.envelope?["auth_token"]?.string)
            #expect(login.accountID == Self.account)
            #expect(login.token.accountID == Self.account)
            #expect(login.version == "4.0.0")
            #expect(login.websocketURL == nil)
            #expect(try (80...100).contains(#require(login.remainingTokens)))
            // Kazoo takes the time twice while it answers.
            #expect(try (.seconds(3598)...(.seconds(3600))).contains(#require(login.lifetime)))
            return
        }
        let error = try #require(
            throws: CrossbarError.self, performing: { try Login(answer, from: .kazoo, with: credentials) })
        check(error, code, exchange)
    }

    @Test func firstLogin() throws {
        let exchange = try RecordedExchange.named("user_auth ok md5 realm")
        let login = try Login(
            CrossbarAnswer(exchange.response), from: .kazoo, with: #require(exchange.credentials))
        #expect(login.lifetime == .seconds(3600))
        #expect(login.remainingTokens == 98)
    }

    @Test(arguments: RecordedExchange.all.filter { !$0.isLogin })
    func request(_ exchange: RecordedExchange) throws {
        let answer = CrossbarAnswer(exchange.response)
        #expect(answer.isKazoo)
        let code = Self.failures[exchange.name] ?? (answer.isSuccess ? nil : Self.sometimes[exchange.name])
        #expect(answer.isSuccess == (code == nil))
        guard let code else { return }
        let path = String(exchange.path.prefix { $0 != "?" }.prefix(40))
        check(CrossbarError(answer, from: .kazoo, at: .request(path)), code, exchange)
    }

    private func check(_ error: CrossbarError, _ code: CrossbarError.Code, _ exchange: RecordedExchange) {
        #expect(error.code == code)
        #expect(error.status == exchange.response.status)
        #expect(error.network == nil)
        #expect(error.message.hasPrefix("http://kazoo.example.com:8000: "))
        #expect(!error.message.contains { $0.isNewline })
        #expect(!error.message.hasSuffix(": "))
        for secret in exchange.secrets where secret.count > 3 { #expect(!error.message.contains(secret)) }
    }

    /// What a person reads.
    @Test(arguments: [
        (
            "user_auth bad password",
            "wrong credentials or account: user name, password, --hash or account_realm “acme.sip.example.com” is wrong; Kazoo does not say which"
        ),
        (
            "user_auth unknown name",
            "wrong credentials or account: user name, password, --hash or account_name “nosuch” is wrong; Kazoo does not say which"
        ),
        ("user_auth no credentials", "Kazoo refuses the request: credentials: Field is required but missing"),
        (
            "user_auth bad method",
            "Kazoo refuses the request: method: Value not found in enumerated list of values (md5, sha)"
        ),
        ("user_auth POST", "unexpected answer 405: method not allowed"),
        ("api_auth unknown", "the API key is unknown to this cluster"),
        ("api_auth short", "Kazoo refuses the request: api_key: String must be at least 64 characters"),
        (
            "rate limited login (token_costs=60) 0",
            "too many requests from this address (429): Kazoo's bucket is empty; wait a minute"
        ),
    ])
    func loginFailureInWords(_ name: String, _ words: String) throws {
        let exchange = try RecordedExchange.named(name)
        let hash = try CredentialHash(parsing: "2d1e4f91dae49cd08eaba2293e422273")
        let credentials = exchange.credentials ?? .user(hash, account: .realm("acme.sip.example.com"))
        let error = CrossbarError(CrossbarAnswer(exchange.response), from: .kazoo, at: .login(credentials))
        #expect(error.description == "http://kazoo.example.com:8000: \(words)")
    }

    @Test(arguments: [
        ("GET account expired token", "the auth token is not accepted, or has expired; log in again"),
        ("GET foreign account", "this login may not do that (403): forbidden"),
        ("GET unknown account", "/v2/accounts/X does not exist there: bad identifier"),
        ("one websocket", "Kazoo failed (500): init failed; try again, and look into Kazoo's log if it stays"),
    ])
    func requestFailureInWords(_ name: String, _ words: String) throws {
        let answer = CrossbarAnswer(try RecordedExchange.named(name).response)
        let error = CrossbarError(answer, from: .kazoo, at: .request("/v2/accounts/X"))
        #expect(error.description == "http://kazoo.example.com:8000: \(words)")
    }

    // MARK: What is sent

    /// The order of keys is nothing to Kazoo.
    @Test(arguments: ["user_auth ok md5 realm", "user_auth ok sha", "api_auth ok", "api_auth unknown"])
    func requestBody(_ name: String) throws {
        let exchange = try RecordedExchange.named(name)
        let (path, data) = try #require(exchange.credentials).request
        #expect(path == exchange.path)
        let recorded = try #require(try JSONValue(parsing: exchange.request)["data"]?.members)
        #expect(try Set(#require(data.members)) == Set(recorded))
    }

    @Test(arguments: [
        (Credentials.AccountName.name("Acme"), "account_name", "Acme"),
        (.realm("acme.sip.example.com"), "account_realm", "acme.sip.example.com"),
        (.phoneNumber("+4930123456"), "phone_number", "+4930123456"),
    ])
    func accountField(_ account: Credentials.AccountName, _ key: String, _ value: String) throws {
        let hash = try CredentialHash(parsing: "7efaf6701fdf8c6780897f20d5a1a1526dd92029")
        let data = Credentials.user(hash, account: account).request.data
        #expect(data[key]?.string == value)
        #expect(data["method"]?.string == "sha")
        #expect(data.members?.count == 3)
    }
}
