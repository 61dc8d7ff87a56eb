import Events
import Testing

@testable import Blackhole

/// The dialect in conversation with what real Kazoo has answered.
@Suite struct RecordedSessionsTests {
    /// The recorded answers to subscriptions that the grammar lets through, with the ids of the dialect's requests.
    private func replay(_ name: String) throws -> (driver: Driver, exchanges: [Transcript.Exchange]) {
        var exchanges: [Transcript.Exchange] = []
        for exchange in try Transcript(name).exchanges {
            guard let binding = exchange.binding?.string, exchange.account == "009afc511c97b2ae693c6cc4920988e8",
                (try? Binding(binding)) != nil, !exchanges.contains(where: { $0.binding == exchange.binding })
            else { continue }
            exchanges.append(exchange)
        }
        var driver = try Driver(exchanges.compactMap(\.binding?.string))
        try driver.open()
        for (number, exchange) in exchanges.enumerated() {
            #expect(driver.sent.count > number, "the request is made before its answer")
            let reply = try JSONValue(parsing: exchange.reply)
            let members = try #require(reply.members).map { member in
                JSONValue.Member(member.key, member.key == "request_id" ? .string("s\(number)") : member.value)
            }
            try driver.receive(JSONValue.object(members).json)
        }
        return (driver, exchanges)
    }

    @Test(arguments: [
        "v4/supported", "v5/supported", "v4/sub_errors", "v5/sub_errors", "v4/unsub", "v5/unsub", "v4/auth", "v5/auth",
        "v4/expire_midsession", "v5/expire_midsession", "v4/callid", "v5/callid", "v4/events", "v5/events",
    ])
    func everyAnswerIsUnderstood(_ name: String) throws {
        let (driver, exchanges) = try replay(name)
        #expect(!exchanges.isEmpty)
        #expect(driver.readiness == 1)
        for (exchange, subscription) in zip(exchanges, driver.dialect.subscriptions) {
            switch subscription.state {
            case .confirmed: #expect(exchange.isSuccess)
            case .refused(let refusal):
                #expect(!exchange.isSuccess)
                let isForbidden = exchange.errors.contains { $0.hasPrefix("unauthorized") }
                #expect(refusal.kind == (isForbidden ? .forbidden : .permanent))
            case .wanted, .pending: Issue.record("\(subscription.subscription) is not settled")
            }
        }
        #expect(driver.failures.count == exchanges.filter { !$0.isSuccess }.count)
        #expect(
            driver.failures.allSatisfy {
                ($0.code == .subscriptionRefused || $0.code == .subscriptionForbidden) && $0.isPermanent
            })
    }

    @Test(arguments: ["v4/auth", "v5/auth", "v4/expire_midsession", "v5/expire_midsession"])
    func everyRecordedTokenErrorEndsTheSession(_ name: String) throws {
        var count = 0
        for exchange in try Transcript(name).exchanges
        where exchange.errors.contains(where: { $0.contains("authenticat") }) {
            var driver = try Driver(["call.*.*"])
            try driver.open(token: exchange.token)
            let data: JSONValue = ["errors": .array(exchange.errors.map { .string($0) })]
            try driver.receive(#"{"action":"reply","request_id":"s0","status":"error","data":\#(data.json)}"#)
            #expect(driver.failures.map(\.code) == [.tokenRefused])
            #expect(driver.closes == [1000])
            #expect(driver.failures.allSatisfy { !$0.message.contains("eyJ") })
            count += 1
        }
        #expect(count > 0)
    }

    @Test(arguments: ["v4/rate", "v5/rate", "v4/rate_unauth"])
    func everyRecordedLimitSlowsDown(_ name: String) throws {
        let limits = try Transcript(name).exchanges.filter { $0.errors.contains { $0.hasPrefix("rate limiting") } }
        let error = try #require(limits.first?.errors.first)
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open()
        try driver.refuse("s0", error)
        #expect(driver.failures.map(\.code) == [.rateLimited])
        #expect(try driver.wait(.seconds(4)).isEmpty)
        #expect(try driver.wait(.seconds(2)).count == 1)
        #expect(driver.closes.isEmpty)
    }

    /// Everything that a server has ever said, to a session that has asked for nothing of the kind: nothing that
    /// leaves the dialect holds a token.
    @Test func noTokenEverLeaves() throws {
        for name in try Transcript.names() {
            let transcript = try Transcript(name)
            let tokens = Set(transcript.messages.compactMap { $0.value?["auth_token"]?.string }.filter { $0.count > 4 })
            for message in transcript.messages where message.isFromServer {
                for id in ["s0", message.value?["request_id"]?.string ?? ""] {
                    var driver = try Driver(["call.*.*"])
                    try driver.open(token: tokens.first)
                    var members = message.value?.members ?? []
                    for position in members.indices where members[position].key == "request_id" {
                        members[position].value = .string(id)
                    }
                    try driver.receive(members.isEmpty ? message.text : JSONValue.object(members).json)
                    let said =
                        driver.failures.map { $0.message + ($0.subject ?? "") }.joined()
                        + driver.dialect.subscriptions.map { "\($0.state)" }.joined()
                    #expect(!said.contains("eyJ"))
                    #expect(!tokens.contains { said.contains($0) })
                }
            }
        }
    }
}
