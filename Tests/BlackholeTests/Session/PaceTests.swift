import Events
import Testing

@testable import Blackhole

@Suite struct PaceTests {
    private func bindings(_ count: Int) -> [String] { (0..<count).map { "call.*.id-\($0)" } }

    @Test func neverHasMoreThanFortyRequestsUnanswered() throws {
        var driver = try Driver(bindings(1_000))
        try driver.open()
        try driver.succeed("s0")
        #expect(driver.dialect.requestsInFlight == 40)
        #expect(driver.sent.count == 41)
        try driver.succeed("s7")
        #expect(driver.dialect.requestsInFlight == 40)
        #expect(driver.sent.last?.id == "s41")
    }

    @Test func sendsABurstAndThenAtASteadyRate() throws {
        var driver = try Driver(bindings(1_000))
        try driver.open()
        var answered = 0
        func answer(_ driver: inout Driver) throws {
            while answered < driver.sent.count {
                try driver.succeed(driver.sent[answered].id)
                answered += 1
            }
        }
        try answer(&driver)
        #expect(driver.sent.count == 90)
        for second in 1...20 {
            for _ in 0..<10 {
                try driver.wait(.milliseconds(100))
                try answer(&driver)
            }
            #expect((90 + 9 * second - 1...90 + 9 * second).contains(driver.sent.count))
        }
    }

    /// The server's own bucket, as its source and the recordings describe it, never overflows.
    @Test func tenThousandSubscriptionsStayBelowTheServersLimits() throws {
        let count = 10_000
        var driver = try Driver(bindings(count))
        let start = driver.now
        try driver.open()
        var (level, filledAt, answered, peak) = (100.0, driver.now, 0, 0)
        while driver.readiness == 0 {
            let elapsed = filledAt.duration(to: driver.now) / .seconds(1)
            level = min(100, level + elapsed * 10)
            filledAt = driver.now
            peak = max(peak, driver.dialect.requestsInFlight)
            while answered < driver.sent.count {
                level -= 1
                try driver.succeed(driver.sent[answered].id)
                answered += 1
            }
            #expect(level >= 0)
            if driver.readiness == 0 {
                driver.now = try #require(driver.dialect.deadline)
                try driver.wait(.zero)
            }
        }
        let duration = start.duration(to: driver.now)
        #expect(driver.sent.count == count)
        #expect(peak <= 40)
        #expect(duration == .seconds(1) / 9 * (count - 90))
        #expect(driver.failures.isEmpty)
    }

    @Test func repeatsARequestThatIsNotAnswered() throws {
        var driver = try Driver(["call.*.*"])
        try driver.open()
        #expect(try driver.wait(.milliseconds(9_999)).isEmpty)
        #expect(try driver.wait(.milliseconds(1)).map(\.id) == ["s0"])
        #expect(try driver.wait(.seconds(10)).count == 1)
        #expect(driver.failures.isEmpty)
        #expect(try driver.wait(.seconds(10)).isEmpty)
        #expect(driver.failures.map(\.code) == [.replyMissing])
        #expect(driver.failures.allSatisfy { !$0.isPermanent && $0.subject?.hasPrefix("call.*.*") == true })
        #expect(try driver.wait(.seconds(15)).count == 1)
        #expect(try driver.wait(.seconds(1_000)).count == 40)
        #expect(driver.failures.count == 1)
        try driver.succeed("s0")
        #expect(driver.readiness == 1)
        #expect(try driver.wait(.seconds(100)).isEmpty)
    }

    @Test func aLateReplyCounts() throws {
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open()
        try driver.wait(.seconds(30))
        #expect(driver.dialect.requestsInFlight == 1)
        #expect(driver.dialect.subscriptions[0].state == .wanted)
        try driver.succeed("s0")
        #expect(driver.dialect.subscriptions[0].state == .confirmed(verifiedAt: driver.now))
        try driver.succeed("s1")
        #expect(driver.readiness == 1)
        #expect(try driver.wait(.seconds(100)).isEmpty)
    }

    @Test func aLateFailureIsLeftToTheRepeatedRequest() throws {
        var driver = try Driver(["call.*.*"])
        try driver.open()
        try driver.wait(.seconds(30))
        #expect(driver.dialect.subscriptions[0].state == .wanted)
        try driver.refuse("s0", "rate limiting threshold hit for 127.0.0.1:1!")
        try driver.refuse("s0", "unauthorized account id")
        #expect(driver.failures.map(\.code) == [.replyMissing])
        #expect(try driver.wait(.seconds(15)).count == 1)
        try driver.refuse("s0", "unauthorized account id")
        #expect(driver.failures.map(\.code) == [.replyMissing, .subscriptionForbidden])
        #expect(driver.readiness == 1)
    }

    @Test func aSecondReplyToTheSameRequestChangesNothing() throws {
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open()
        try driver.succeed("s0")
        try driver.refuse("s0", "unauthorized account id")
        try driver.succeed("s0")
        #expect(driver.failures.isEmpty)
        #expect(driver.readiness == 0)
        try driver.succeed("s1")
        #expect(driver.readiness == 1)
    }

    @Test func pausesWhenKazooAsksForFewerMessages() throws {
        var driver = try Driver(bindings(200))
        try driver.open()
        try driver.succeed("s0")
        for number in 1...40 { try driver.refuse("s\(number)", "rate limiting threshold hit for 127.0.0.1:1!") }
        let sent = driver.sent.count
        #expect(driver.failures.map(\.code) == [.rateLimited])
        #expect(try driver.wait(.milliseconds(4_999)).isEmpty)
        #expect(try driver.wait(.seconds(1)).count == 9, "no burst after the pause")
        for number in sent..<driver.sent.count { try driver.succeed(driver.sent[number].id) }
        #expect(driver.failures.count == 1)
    }

    @Test func anUnclearFailureIsTriedAgainBeforeItCounts() throws {
        var driver = try Driver(["call.*.*"])
        try driver.open()
        for attempt in 1...2 {
            try driver.refuse("s0", "disk on fire")
            #expect(driver.failures.isEmpty)
            #expect(try driver.wait(.seconds(14)).isEmpty)
            #expect(try driver.wait(.seconds(1)).count == 1, "attempt \(attempt)")
        }
        try driver.refuse("s0", "disk on fire")
        #expect(driver.failures.map(\.code) == [.subscriptionRefused])
        #expect(driver.failures.allSatisfy { !$0.isPermanent && $0.message.contains("disk on fire") })
        #expect(driver.readiness == 1)
        #expect(try driver.wait(.seconds(100)).isEmpty)
    }

    @Test func askingCostsLessThanAKilobyteASubscription() {
        #expect(MemoryLayout<SubscriptionEntry>.stride <= 96)
    }
}
