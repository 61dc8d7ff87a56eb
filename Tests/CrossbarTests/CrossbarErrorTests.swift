import Events
import Network
import Secrets
import Testing

@testable import Crossbar

/// Answers that the recording lacks: crashes, gateways, strangers, and what Kazoo's source says.
@Suite struct CrossbarErrorTests {
    private let credentials: Credentials

    init() throws {
        let hash = try CredentialHash(parsing: "2d1e4f91dae49cd08eaba2293e422273")
        credentials = .user(hash, account: .name("Acme"))
    }

    private func error(_ response: HTTPResponse) throws -> CrossbarError {
        try #require(
            throws: CrossbarError.self,
            performing: { try Login(CrossbarAnswer(response), from: .kazoo, with: credentials) })
    }

    private static let secondFactor =
        #"{"data":{"message":"client needs to preform second-factor authentication","multi_factor_request":{"provider_name":"duo","settings":{}}},"error":"401","message":"invalid_credentials","status":"error"}"#
    private static let expired =
        #"{"data":{"message":"account expired","cause":"2026-01-01"},"error":"403","message":"account_expired","status":"error"}"#
    private static let expiredField =
        #"{"data":{"account":{"expired":{"message":"account expired","cause":63800000000}}},"error":"400","message":"validation error","status":"error"}"#
    private static let disabled =
        #"{"data":{"message":"entity disabled"},"error":"400","message":"disabled","status":"error"}"#
    private static let html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

    @Test(arguments: [
        (HTTPResponse(500), CrossbarError.Code.serverFailed, "try again"),
        (HTTPResponse(502, html, type: "text/html"), .serverFailed, "try again"),
        (HTTPResponse(503), .serverFailed, "try again"),
        (HTTPResponse(429, html, type: "text/html"), .rateLimited, "wait a minute"),
        (HTTPResponse(200, html, type: "text/html"), .notKazoo, "--server wants Crossbar, usually port 8000"),
        (HTTPResponse(301, "", type: "text/html"), .notKazoo, "--server wants Crossbar, usually port 8000"),
        (HTTPResponse(404, html, type: "text/html"), .notKazoo, "--server wants Crossbar, usually port 8000"),
        (HTTPResponse(200, "[]"), .notKazoo, "--server wants Crossbar"),
        (HTTPResponse(200, "{}"), .notKazoo, "--server wants Crossbar"),
        (HTTPResponse(200), .notKazoo, "--server wants Crossbar"),
        (HTTPResponse(200, #"{"status":"success","data":{}}"#), .notKazoo, "holds no auth_token"),
        (HTTPResponse(201, #"{"status":"success","auth_token":""}"#), .notKazoo, "holds no auth_token"),
        (HTTPResponse(201, #"{"status":"success","auth_token":7}"#), .notKazoo, "holds no auth_token"),
        (HTTPResponse(201, #"{"status":true,"auth_token":"x"}"#), .notKazoo, "--server wants Crossbar"),
        (HTTPResponse(401, secondFactor), .secondFactorRequired, "use a user without one, or an API key"),
        (HTTPResponse(403, expired), .accountDisabled, "account expired; an administrator must enable it"),
        (HTTPResponse(400, expiredField), .accountDisabled, "account expired; an administrator must enable it"),
        (HTTPResponse(400, disabled), .accountDisabled, "entity disabled; an administrator must enable it"),
    ])
    func meaning(_ response: HTTPResponse, _ code: CrossbarError.Code, _ words: String) throws {
        let error = try error(response)
        #expect(error.code == code)
        #expect(error.status == response.status)
        #expect(error.message.contains(words))
        #expect(!error.message.contains("<"))
    }

    /// Fields of other types than Kazoo's are neither believed nor a reason to crash.
    @Test(
        arguments: [
            #"{"status":"error","data":null,"message":null}"#,
            #"{"status":"error","data":[1,[2]],"message":{"a":1},"error":401}"#,
            #"{"status":"error","data":{"message":["x"],"a":{"b":"c"},"d":[{}]},"tokens":"many"}"#,
            #"{"status":"error","data":{"f":{"required":{"message":5,"target":"x"},"enum":{"target":[1,null]}}}}"#,
            #"{"status":"error","data":"text","auth_token":{"x":1}}"#,
        ], [400, 401, 403, 404, 500])
    func otherTypes(_ body: String, _ status: Int) throws {
        let codes: [Int: CrossbarError.Code] = [
            400: .invalidRequest, 401: .wrongCredentials, 403: .forbidden, 404: .notKazoo, 500: .serverFailed,
        ]
        #expect(try error(HTTPResponse(status, body)).code == codes[status])
    }

    @Test func successWithOtherTypes() throws {
        let body =
            #"{"status":"success","auth_token":"t","data":{"account_id":5,"ui_config":{"api":[]}},"version":4,"tokens":{"remaining":"all"},"timestamp":17}"#
        let login = try Login(CrossbarAnswer(HTTPResponse(201, body)), from: .kazoo, with: credentials)
        #expect(login.token.value.reveal() == "t")
        #expect(login.accountID == nil)
        #expect(login.version == nil)
        #expect(login.websocketURL == nil)
        #expect(login.remainingTokens == nil)
        #expect(login.lifetime == nil)
    }

    @Test func tokenBelowData() throws {
        let body =
            #"{"status":"success","data":{"auth_token":"t","ui_config":{"api":{"kazoo_websocket":{"url":"wss://k:7777"}}}}}"#
        let login = try Login(CrossbarAnswer(HTTPResponse(201, body)), from: .kazoo, with: credentials)
        #expect(login.token.value.reveal() == "t")
        #expect(login.websocketURL == "wss://k:7777")
    }

    /// A clock that is set wrong, on either side, is not a reason to crash: `exp` in the past, far off, out of range.
    @Test(arguments: [
        ("h.eyJleHAiOjF9.s", Duration.zero),  // 1
        ("h.eyJleHAiOi05MjIzMzcyMDM2ODU0Nzc1ODA4fQ.s", .zero),  // the least Int
        ("h.eyJleHAiOjkyMjMzNzIwMzY4NTQ3NzU4MDd9.s", .seconds(Int.max - 1_795_227_493)),  // the largest
        ("h.eyJleHAiOjE3OTUyMjc1MDN9.s", .seconds(10)),
    ])
    func lifetimeOfAnyToken(_ token: String, _ lifetime: Duration) throws {
        let body = #"{"status":"success","auth_token":"\#(token)","timestamp":"2026-11-21T02:18:13Z"}"#
        let login = try Login(CrossbarAnswer(HTTPResponse(201, body)), from: .kazoo, with: credentials)
        #expect(login.lifetime == lifetime)
    }

    /// Kazoo's own messages repeat what was sent.
    @Test func secretsInTheMessageAreRedacted() throws {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.sig"
        let echo =
            #"{"data":{"message":"no 2d1e4f91dae49cd08eaba2293e422273 with \#(token)"},"auth_token":"\#(token)","status":"error"}"#
        for status in [400, 403, 500] {
            let message = try error(HTTPResponse(status, echo)).message
            #expect(message.contains("no <redacted> with <redacted>"))
        }
        let key = Credentials.apiKey(Secret("8f936c000c707edc"))
        let answer = CrossbarAnswer(
            HTTPResponse(400, #"{"status":"error","data":{"message":"bad 8f936c000c707edc"}}"#))
        #expect(CrossbarError(answer, from: .kazoo, at: .login(key)).message.hasSuffix("bad <redacted>"))
    }

    @Test func aProxyThatWantsAPasswordIsNamed() throws {
        let error = try error(HTTPResponse(407, "<html>Proxy Authentication Required</html>"))
        #expect(error.code == .notKazoo)
        #expect(error.message.contains("the proxy wants a user name and password"))
    }

    /// Whatever answers there may say anything; it does not reach the terminal as it is.
    @Test func complaintIsOneShortLine() throws {
        let message = #"a\nb\u001b[31mc\r\n\u0000d\u0085e  f"#
        let short = try error(HTTPResponse(403, #"{"status":"error","data":{"message":"\#(message)"}}"#))
        #expect(short.message.hasSuffix("(403): a b\u{FFFD}[31mc \u{FFFD}d e f"))
        let long = String(repeating: "x", count: 2 << 20)
        for status in [400, 403, 500] {
            let error = try error(HTTPResponse(status, #"{"status":"error","data":{"message":"\#(long)"}}"#))
            #expect(error.message.utf8.count < 600)
        }
    }

    /// A secret at the place where the complaint is cut is not shown in part.
    @Test func secretIsRedactedBeforeTheCut() throws {
        let filler = String(repeating: "x", count: 290)
        let body =
            #"{"status":"error","data":{"message":"\#(filler)2d1e4f91dae49cd08eaba2293e422273"}}"#
        #expect(!(try error(HTTPResponse(403, body)).message.contains("2d1e")))
    }

    @Test func megabytesOfGarbage() throws {
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<(2 << 20)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let nested = [UInt8](repeating: UInt8(ascii: "["), count: 2 << 20)
        for body in [noise, nested] {
            let error = try error(HTTPResponse(status: 200, headers: [], body: body))
            #expect(error.code == .notKazoo)
            #expect(error.message.utf8.count < 600)
        }
    }
}
