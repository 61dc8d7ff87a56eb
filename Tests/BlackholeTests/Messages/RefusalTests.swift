import Events
import Testing

@testable import Blackhole

@Suite struct RefusalTests {
    private static let token = "eyJhbGciOiJIUzI1NiJ9.eyJhY2NvdW50X2lkIjoiMDA5In0.SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS"

    private func refusal(_ error: String..., binding: String = "object.*.*", token: String? = nil) throws -> Refusal {
        Refusal(error, for: try Subscription(account: Driver.account, binding: Binding(binding)), token: token)
    }

    @Test(arguments: [
        ("no available subscriptions to requested binding", "sup blackhole_maintenance start_module bh_object"),
        ("event *.bad not supported", "does not know the event *.bad"), ("event BAD not supported", "the event BAD"),
        ("event category sms not supported", "the category sms"),
        ("Unsupported conference event foo", "does not support the conference event foo"),
        ("invalid format for call subscription : *, *, *", "another form of binding here"),
        ("unauthorized account id", "may not see account 009afc511c97b2ae693c6cc4920988e8"),
        ("unauthorized wildcard account id", "only a superduper admin"),
        ("ConferenceId required", "the id of one conference"),
        ("unauthorized wildcard for conference id", "name the conference"),
        ("missing required keys in data object", "misses something"), ("missing required keys : binding", "binding"),
        ("auth_account_id not set", "start_module bh_token_auth"), ("empty subscription", "no binding"),
    ])
    func permanentRefusalsSayWhatToDo(_ error: String, _ message: String) throws {
        let refusal = try refusal(error)
        #expect(refusal.kind == (error.hasPrefix("unauthorized") ? .forbidden : .permanent))
        #expect(refusal.message.contains(message), "\(refusal.message)")
    }

    @Test func namesTheModuleOfAnUnknownFamily() throws {
        let refusal = try refusal("no available subscriptions to requested binding", binding: "qubicle.queue.*")
        #expect(refusal.message.contains("start_module bh_qubicle"))
    }

    @Test(arguments: [
        "failed to authenticate token \(token)", "failed to authenticate token ",
        "failed to authenticate token garbage",
        "failed to authenticate token null", "authentication token required", "invalid authentication token format",
    ])
    func refusedTokensAreNeverRepeated(_ error: String) throws {
        let refusal = try refusal(error, token: "garbage")
        #expect(refusal.kind == .tokenRefused)
        #expect(!refusal.message.contains("garbage") && !refusal.message.contains("SSSS"))
    }

    @Test func asksForFewerMessagesWithoutTheAddress() throws {
        let refusal = try refusal("rate limiting threshold hit for 127.0.0.1:59918!")
        #expect(refusal.kind == .rateLimited)
        #expect(!refusal.message.contains("127.0.0.1"))
    }

    @Test func whatIsNotKnownMayPass() throws {
        #expect(try refusal("disk on fire").kind == .unknown)
        #expect(try refusal("disk on fire").message == #"Kazoo says "disk on fire""#)
        #expect(try refusal().message == "Kazoo gives no reason")
    }

    @Test func theMostTellingReasonCounts() throws {
        #expect(try refusal("disk on fire", "unauthorized account id").kind == .forbidden)
        #expect(try refusal("unauthorized account id", "failed to authenticate token x").kind == .tokenRefused)
    }

    @Test(arguments: [
        "token \(token) is odd", "x=\(token)", "secret-token-1", String(repeating: "k", count: 65),
        "a\u{1B}[2Jb\u{202E}",
    ])
    func unknownTextsAreCleaned(_ error: String) throws {
        let message = try refusal(error, token: "secret-token-1").message
        for secret in ["SSSS", "eyJ", "secret-token-1", "kkkkk", "\u{1B}", "\u{202E}"] {
            #expect(!message.contains(secret))
        }
    }

    @Test func everyRecordedErrorIsKnown() throws {
        let notAboutSubscriptions = ["missing endpoint"]
        for exchange in try Transcript.names().flatMap({ try Transcript($0).exchanges }) where !exchange.isSuccess {
            let refusal = try refusal(try #require(exchange.errors.first), token: exchange.token)
            let expected: Refusal.Kind =
                switch exchange.errors[0] {
                case let error where notAboutSubscriptions.contains(error): .unknown
                case let error where error.hasPrefix("rate limiting"): .rateLimited
                case let error where error.contains("authenticat"): .tokenRefused
                case let error where error.hasPrefix("unauthorized"): .forbidden
                default: .permanent
                }
            #expect(refusal.kind == expected, "\(refusal.message)")
            #expect(!refusal.message.contains("eyJ"))
            if let token = exchange.token, token.count > 5 { #expect(!refusal.message.contains(token)) }
        }
    }
}
