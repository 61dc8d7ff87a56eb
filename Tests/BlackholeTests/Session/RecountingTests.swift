import Events
import Testing

@testable import Blackhole

/// Renewal by giving up and asking anew, which only Kazoo 5 needs.
@Suite struct RecountingTests {
    private let limit = "rate limiting threshold hit for 127.0.0.1:1!"

    @Test func givesUpAndAsksAnewInOneGo() throws {
        var driver = try Driver(settled: ["object.*.*", "fax.status.*"], release: .v5)
        let opened = driver.now
        try driver.wait(.seconds(60))
        let sent = try driver.renew(.recounting)
        #expect(sent.map(\.action) == ["unsubscribe", "subscribe", "unsubscribe", "subscribe"])
        #expect(sent.map(\.id) == ["su0", "s0", "su1", "s1"])
        #expect(sent.map(\.binding) == ["object.*.*", "object.*.*", "fax.status.*", "fax.status.*"])
        #expect(sent.allSatisfy { $0["data"]?["account_id"] == "009afc511c97b2ae693c6cc4920988e8" })
        try driver.succeed("su0")
        #expect(try driver.state("object.*.*") == .confirmed(verifiedAt: opened), "the subscribe decides")
        for id in ["s0", "su1", "s1"] { try driver.succeed(id) }
        #expect(driver.readiness == 2)
        #expect(driver.confirmed(since: driver.now) == ["object.*.*", "fax.status.*"])
        #expect(driver.dialect.requestsInFlight == 0)
        #expect(driver.dialect.deadline == nil)
        #expect(driver.failures.isEmpty)
    }

    @Test func callsHaveNoListenerToLose() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*", "other.*"], release: .v5)
        let opened = driver.now
        try driver.wait(.seconds(60))
        #expect(try driver.renew(.recounting).map(\.id) == ["su1", "s1", "su2", "s2"])
        try driver.answerAll(from: 3)
        #expect(driver.readiness == 2)
        #expect(try driver.state("call.*.*") == .confirmed(verifiedAt: opened))
        #expect(driver.confirmed(since: driver.now) == ["object.*.*", "other.*"])
        #expect(driver.confirmed().count == 3)
    }

    @Test func withCallsOnlyItIsReadyAtOnce() throws {
        var driver = try Driver(settled: ["call.*.*"], release: .v5)
        #expect(try driver.renew(.recounting).isEmpty)
        #expect(driver.readiness == 2)
    }

    @Test func repeatsWhereThatIsEnough() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"], release: .v4)
        #expect(try driver.renew(.recounting).map(\.id) == ["s0", "s1"])
        try driver.answerAll(from: 2)
        #expect(driver.sent.allSatisfy { $0.action == "subscribe" })
        #expect(driver.readiness == 2)
    }

    @Test func whatIsBeingAskedForIsRecountedAfterItsReply() throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.add(["fax.status.*"])
        #expect(try driver.renew(.recounting).map(\.id) == ["su0", "s0"])
        #expect(try driver.succeed("s1").map(\.id) == ["su1", "s1"])
        try driver.answerAll(from: 2)
        #expect(driver.readiness == 2)
    }

    @Test func aRecountingDuringTheOpeningTouchesNothingThatIsNotHeld() throws {
        var driver = try Driver(["object.*.*", "fax.status.*", "call.*.*"], release: .v5)
        try driver.open()
        #expect(try driver.renew(.recounting).isEmpty)
        #expect(try driver.succeed("s0").map(\.id) == ["s1", "s2", "su0", "s0"])
        try driver.answerAll(from: 1)
        #expect(driver.sent.map(\.id) == ["s0", "s1", "s2", "su0", "s0"])
        #expect(driver.readiness == 1)
    }

    // MARK: The pace

    @Test func aPairTakesTwoPlacesInFlight() throws {
        var pace = Pace.default
        pace.inFlight = 5
        var driver = try Driver(settled: (0..<10).map { "fax.status.id-\($0)" }, pace: pace, release: .v5)
        try driver.wait(.seconds(60))
        #expect(try driver.renew(.recounting).map(\.id) == ["su0", "s0", "su1", "s1"])
        #expect(try driver.succeed("su0").isEmpty == false)
        #expect(driver.dialect.requestsInFlight == 5)
        #expect(try driver.succeed("s0").isEmpty)
        #expect(try driver.succeed("su1").map(\.id) == ["su3", "s3"])
    }

    @Test func aPairTakesTwoFromTheRate() throws {
        let count = 500
        var driver = try Driver(settled: (0..<count).map { "fax.status.id-\($0)" }, release: .v5)
        try driver.wait(.seconds(60))
        let start = driver.now
        #expect(try driver.renew(.recounting).count == 40)
        try driver.answerAll(from: count)
        #expect(driver.sent.count == 3 * count)
        #expect(start.duration(to: driver.now) == .seconds(1) / 9 * (2 * count - 90))
    }

    @Test func aWindowAndABurstOfOneLetAPairThroughAlone() throws {
        var pace = Pace.default
        pace.inFlight = 1
        pace.burst = 1
        var driver = try Driver(settled: ["object.*.*", "fax.status.*"], pace: pace, release: .v5)
        try driver.wait(.seconds(60))
        #expect(try driver.renew(.recounting).map(\.id) == ["su0", "s0"])
        try driver.succeed("su0")
        try driver.succeed("s0")
        #expect(driver.dialect.requestsInFlight == 0)
        #expect(try driver.wait(.seconds(1) / 9).isEmpty)
        #expect(try driver.wait(.seconds(1) / 9).map(\.id) == ["su1", "s1"])
    }

    // MARK: Trouble

    @Test func aMissingReplyToAnUnsubscribeDoesNoHarm() throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.renew(.recounting)
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
        #expect(driver.dialect.requestsInFlight == 1)
        #expect(try driver.wait(.seconds(100)).isEmpty)
        #expect(driver.dialect.requestsInFlight == 0)
        #expect(driver.failures.isEmpty)
        try driver.succeed("su0")
        #expect(driver.failures.isEmpty)
    }

    @Test(arguments: ["no available subscriptions to requested binding", "disk on fire"])
    func anErrorOfAnUnsubscribeIsLeftToItsSubscribe(_ error: String) throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.renew(.recounting)
        #expect(try driver.refuse("su0", error).isEmpty)
        #expect(driver.failures.isEmpty)
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
        #expect(driver.dialect.confirmedCount == 1)
    }

    @Test func aSubscribeWithoutReplyIsRepeatedAlone() throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.renew(.recounting)
        try driver.succeed("su0")
        #expect(try driver.wait(.seconds(10)).map(\.id) == ["s0"])
        #expect(try driver.wait(.seconds(100)).allSatisfy { $0.id == "s0" })
        #expect(driver.dialect.confirmedCount == 1, "it is still what is held, as of its last confirmation")
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
    }

    @Test func aSubscribeThatIsLimitedIsRepeatedAlone() throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.renew(.recounting)
        try driver.succeed("su0")
        #expect(try driver.refuse("s0", limit).isEmpty)
        #expect(driver.failures.map(\.code) == [.rateLimited])
        #expect(try driver.wait(.seconds(4)).isEmpty)
        #expect(try driver.wait(.seconds(1)).map(\.id) == ["s0"])
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
    }

    /// A second recounting that comes while the first one has given up, but not got back: unsubscribing again would take
    /// a listener from other sessions.
    @Test func whatIsGivenUpIsNotGivenUpAgain() throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.renew(.recounting)
        try driver.succeed("su0")
        try driver.renew(.recounting)
        #expect(try driver.wait(.seconds(10)).map(\.id) == ["s0"])
        try driver.renew(.recounting)
        #expect(try driver.succeed("s0").map(\.id) == ["su0", "s0"])
        try driver.succeed("su0")
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
    }

    /// Kazoo has neither given up nor counted, whatever its answer to the subscribe behind is.
    @Test(arguments: [true, false])
    func anUnsubscribeThatIsLimitedIsMadeGood(_ isSubscribeLimitedToo: Bool) throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.wait(.seconds(1))
        try driver.renew(.recounting)
        try driver.refuse("su0", limit)
        if isSubscribeLimitedToo { try driver.refuse("s0", limit) } else { try driver.succeed("s0") }
        #expect(driver.readiness == 1)
        #expect(driver.failures.map(\.code) == [.rateLimited])
        #expect(driver.confirmed(since: driver.now).isEmpty)
        #expect(try driver.wait(.seconds(6)).map(\.id) == ["su0", "s0"])
        try driver.succeed("su0")
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
        #expect(driver.confirmed(since: driver.now).count == 1)
    }

    @Test func whatIsRefusedAfterItWasGivenUpIsAskedForAlone() throws {
        var driver = try Driver(settled: ["object.*.*"], release: .v5)
        try driver.renew(.recounting)
        try driver.succeed("su0")
        try driver.refuse("s0", "unauthorized account id")
        #expect(driver.readiness == 2)
        #expect(driver.failures.map(\.code) == [.subscriptionForbidden])
        #expect(try driver.renew(.recounting).map(\.id) == ["s0"])
    }

    @Test func aRepeatingAfterARecountingGivesNothingUp() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"], release: .v5)
        try driver.renew(.recounting)
        try driver.answerAll(from: 2)
        #expect(try driver.renew(.repeating).map(\.id) == ["s0", "s1"])
    }

    @Test(arguments: ["su1", "su2", "su", "su-1", "u0"])
    func anAnswerToNoUnsubscribeIsReported(_ id: String) throws {
        var driver = try Driver(["object.*.*", "fax.status.*"], release: .v5)
        try driver.open()
        try driver.succeed(id)
        #expect(driver.failures.map(\.code) == [.unexpectedMessage])
    }
}
