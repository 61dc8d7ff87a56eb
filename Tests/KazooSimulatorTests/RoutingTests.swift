import Testing

@testable import KazooSimulator

@Suite struct RoutingTests {
    @Test(arguments: [
        ("call.A.CHANNEL_CREATE.*", "call.A.CHANNEL_CREATE.x", true),
        ("call.*.CHANNEL_CREATE.*", "call.A.CHANNEL_CREATE.x", true),
        ("call.A.CHANNEL_CREATE.*", "call.A.CHANNEL_CREATE.x.y", false),
        ("call.A.CHANNEL_CREATE.*", "call.A.CHANNEL_CREATE", false),
        ("call.A.CHANNEL_CREATE.", "call.A.CHANNEL_CREATE.x", false),
        ("call.#", "call", true),
        ("call.#", "call.A.B.C", true),
        ("#.C", "call.A.B.C", true),
        ("#.C", "call.A.B", false),
        ("*.db.*.*", "doc_created.db.user.1", true),
    ]) func `patterns match word by word`(_ pattern: String, _ key: String, _ matches: Bool) {
        var set = TopicSet()
        set.insert(TopicPattern("other.#"))
        set.insert(TopicPattern(pattern))
        #expect(set.matches(of: key) == (matches ? [TopicPattern(pattern)] : []))
        set.remove(TopicPattern(pattern))
        #expect(set.matches(of: key).isEmpty)
        set.remove(TopicPattern("other.#"))
        #expect(set.isEmpty)
    }

    @Test func `words are percent-encoded as Kazoo does`() {
        #expect(RoutingKey.encode("MTY.a_b-c+d~e@10.26.0.41") == "MTY%2Ea_b-c%2Bd~e%4010%2E26%2E0%2E41")
        #expect(RoutingKey.encode("_design.x/y z") == "_design%2Ex%2Fy+z")
    }

    @Test func `accounts hide in database names`() {
        let encoded = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8"
        #expect(RoutingKey.database(ofAccount: Sample.account) == encoded)
        #expect(RoutingKey.accountID(in: encoded) == Sample.account)
        #expect(RoutingKey.accountID(in: "account/00/9a/fc511c97b2ae693c6cc4920988e8") == Sample.account)
        #expect(RoutingKey.accountID(in: "abc") == nil)
    }

    @Test func `page keys are Erlang terms`() {
        let text = "g2wAAAACbQAAACA0YTY4NjNmZDYwZTEyYTVlMmZmNGYyYTBjN2JiYjdlMW0AAAAEQWNtZWo"
        let key = PageKey(account: "4a6863fd60e12a5e2ff4f2a0c7bbb7e1", name: "Acme")
        #expect(key.text == text)
        #expect(PageKey(text) == key)
        #expect(PageKey("nonsense") == nil)
    }

    @Test func `dates need no calendar`() {
        let date = CivilDate(unixSeconds: 1_795_225_646)
        #expect(date.iso8601 == "2026-11-21T01:47:26Z")
        #expect(date.httpDate == "Sat, 21 Nov 2026 01:47:26 GMT")
        #expect(date.yearMonth == "202611")
        #expect(CivilDate(unixSeconds: 1_795_225_646 + date.secondsUntilNextMonth).iso8601 == "2026-12-01T00:00:00Z")
        #expect(CivilDate(unixSeconds: 1_709_164_800).iso8601 == "2024-02-29T00:00:00Z")
    }

    @Test func `a bucket refills once a second`() {
        let start = SimulatorInstant(nanoseconds: 0)
        var bucket = TokenBucket(capacity: 3, perSecond: 2, now: start)
        func take(_ count: Int, at instant: Duration) -> Bool {
            bucket.consume(count, now: start.advanced(by: instant))
        }
        let burst = (0..<4).map { _ in take(1, at: .zero) }
        #expect(burst == [true, true, true, false])
        let early = take(1, at: .milliseconds(999))
        let due = take(2, at: .milliseconds(1000))
        let tooMany = take(4, at: .seconds(60))
        #expect(!early && due && !tooMany)
        #expect(bucket.remaining == 3)
    }
}
