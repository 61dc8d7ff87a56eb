import Testing

@testable import Blackhole

@Suite struct CommandTests {
    @Test func writesKazoosKeysInTheirOrder() throws {
        let subscription = try Subscription(account: Driver.account, binding: Binding("call.*.*"))
        #expect(
            Command(.subscribe, subscription, requestID: "s1", authToken: #"a"b"#).json
                == #"{"action":"subscribe","auth_token":"a\"b","request_id":"s1","#
                + #""data":{"account_id":"009afc511c97b2ae693c6cc4920988e8","binding":"call.*.*"}}"#)
        #expect(
            Command(.unsubscribe, subscription, requestID: "u1").json
                == #"{"action":"unsubscribe","request_id":"u1","#
                + #""data":{"account_id":"009afc511c97b2ae693c6cc4920988e8","binding":"call.*.*"}}"#)
    }
}
