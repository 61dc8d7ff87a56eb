import Crossbar
import Events
import FoundationEssentials
import Network
import Secrets
import Testing

@Suite struct AuthTokenTests {
    /// Every token of the recording, with the claims that its middle part holds.
    @Test(arguments: RecordedExchange.all.filter { $0.isLogin && $0.response.status == 201 })
    func recordedClaims(_ exchange: RecordedExchange) throws {
        let body = try JSONValue(parsing: String(decoding: exchange.response.body, as: UTF8.self))
        let text = try #require(body["auth_token"]?.string)
        let middle = try #require(text.split(separator: ".").dropFirst().first)
        var base64 = String(middle).replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
        let payload = try #require(Data(base64Encoded: base64))
        let claims = try JSONValue(parsing: String(decoding: payload, as: UTF8.self))

        let token = AuthToken(text)
        #expect(token.value.reveal() == text)
        #expect(token.expiry == claims["exp"]?.int)
        #expect(token.accountID == "009afc511c97b2ae693c6cc4920988e8")
        #expect(token.expiry.map { $0 > 1_795_000_000 } == true)
    }

    @Test func firstRecordedToken() throws {
        let body = try JSONValue(
            parsing: String(decoding: RecordedExchange.named("user_auth ok md5 realm").response.body, as: UTF8.self))
        let token = try AuthToken(#require(body["auth_token"]?.string))
        #expect(token.expiry == 1_795_231_093)
        #expect(!"\(token)".contains("eyJ"))
    }

    /// Kazoo takes other tokens too; what cannot be read has no claims.
    @Test(arguments: [
        "", "garbage", "aaaa.bbbb.cccc", "..", "a.b", "a.b.c.d", "a.%%%.c", "a.e30.c", "a.W10.c", "a.MTI.c",
        "a.eyJleHAiOiJzb29uIiwiYWNjb3VudF9pZCI6NX0.c", "ä.ö.ü",
    ])
    func garbageIsTolerated(_ text: String) {
        let token = AuthToken(text)
        #expect(token.value.reveal() == text)
        #expect(token.expiry == nil)
        #expect(token.accountID == nil)
    }

    /// base64url of a text with `-` and `_` in it, and without padding (RFC 4648 section 5).
    @Test func urlAlphabet() {
        #expect(AuthToken("h.eyJhY2NvdW50X2lkIjoi4oKs77-_fn9-In0.s").accountID == "€\u{FFFF}~\u{7F}~")
    }
}
