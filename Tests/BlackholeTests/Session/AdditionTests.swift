import Events
import Testing

@testable import Blackhole

@Suite struct AdditionTests {
    // MARK: Adding

    @Test func asksForWhatIsAddedAndIsReadyAgain() throws {
        var driver = try Driver(settled: ["call.*.*"])
        let sent = try driver.add(["object.*.*", "fax.status.*"])
        #expect(sent.map(\.binding) == ["object.*.*", "fax.status.*"])
        #expect(sent.map(\.id) == ["s1", "s2"])
        #expect(sent.allSatisfy { $0["auth_token"] == nil })
        try driver.succeed("s1")
        #expect(driver.readiness == 1)
        try driver.succeed("s2")
        #expect(driver.readiness == 2)
        #expect(driver.confirmed() == ["call.*.*", "object.*.*", "fax.status.*"])
        #expect(driver.dialect.deadline == nil)
    }

    @Test func leavesOutWhatIsKnown() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"])
        let sent = try driver.add(["object.*.*", "fax.status.*", "fax.status.*", "call.*.*"])
        #expect(sent.map(\.binding) == ["fax.status.*"])
        #expect(driver.dialect.subscriptions.count == 3)
    }

    @Test(arguments: [[], ["call.*.*"]])
    func withNothingNewItIsReadyAtOnce(_ bindings: [String]) throws {
        var driver = try Driver(settled: ["call.*.*"])
        #expect(try driver.add(bindings).isEmpty)
        #expect(driver.readiness == 2)
    }

    @Test func anAdditionBeforeTheFirstReadinessBelongsToIt() throws {
        var driver = try Driver(["call.*.*"])
        #expect(try driver.add(["object.*.*"]).isEmpty, "nothing is sent before the opening")
        #expect(driver.readiness == 0)
        try driver.open()
        try driver.add(["fax.status.*"])
        try driver.answerAll()
        #expect(driver.sent.map(\.binding) == ["call.*.*", "object.*.*", "fax.status.*"])
        #expect(driver.readiness == 1)
    }

    @Test func aRefusedAdditionIsReportedAndSettled() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.add(["nosuch.*"])
        try driver.refuse("s1", "no available subscriptions to requested binding")
        #expect(driver.failures.map(\.code) == [.subscriptionRefused])
        #expect(driver.readiness == 2)
        #expect(driver.dialect.refused.map(\.binding.description) == ["nosuch.*"])
        #expect(driver.dialect.refusedCount == 1)
        #expect(driver.dialect.confirmedCount == 1)
    }

    @Test func additionsKeepToThePace() throws {
        var driver = try Driver(settled: ["call.*.*"])
        #expect(try driver.add((0..<200).map { "call.*.id-\($0)" }).count == 40)
        #expect(driver.dialect.requestsInFlight == 40)
        let start = driver.now
        try driver.answerAll(from: 1)
        #expect(driver.sent.count == 201)
        #expect(start.duration(to: driver.now) == .seconds(1) / 9 * (201 - 90))
        #expect(driver.readiness == 2)
    }

    @Test func aClosedSessionAddsNothing() throws {
        var driver = try Driver(settled: ["call.*.*"])
        #expect(driver.dialect.closing(now: driver.now).isEmpty)
        #expect(try driver.add(["object.*.*"]).isEmpty)
        #expect(try driver.renew(.repeating).isEmpty)
        #expect(driver.readiness == 1)
        #expect(driver.dialect.deadline == nil)
    }

    // MARK: Removing

    @Test func removesWithoutAWord() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"])
        try driver.remove(["call.*.*", "fax.status.*"])
        #expect(driver.sent.count == 2)
        #expect(driver.confirmed() == ["object.*.*"])
        #expect(driver.dialect.confirmedCount == 1)
        #expect(driver.dialect.subscriptions.count == 1)
        #expect(try driver.renew(.repeating).map(\.binding) == ["object.*.*"])
        #expect(try driver.wait(.seconds(5)).isEmpty)
    }

    @Test func whatWaitsIsNotAskedForOnceItIsRemoved() throws {
        var driver = try Driver(["call.*.*", "object.*.*", "fax.status.*"])
        try driver.open()
        try driver.remove(["object.*.*"])
        #expect(try driver.succeed("s0").map(\.binding) == ["fax.status.*"])
        try driver.succeed("s2")
        #expect(driver.readiness == 1)
        #expect(driver.dialect.deadline == nil)
    }

    @Test func readinessThatARemovalLeavesIsDueAtOnce() throws {
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open()
        try driver.succeed("s0")
        try driver.remove(["object.*.*"])
        #expect(driver.readiness == 0)
        #expect(try #require(driver.dialect.deadline) <= driver.now)
        try driver.wait(.zero)
        #expect(driver.readiness == 1)
    }

    @Test(arguments: [nil, "unauthorized account id", "disk on fire", "rate limiting threshold hit for 127.0.0.1:1!"])
    func nothingIsRepeatedForWhatIsRemovedInFlight(_ error: String?) throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.add(["object.*.*"])
        try driver.remove(["object.*.*"])
        if let error { try driver.refuse("s1", error) }
        #expect(try driver.wait(.seconds(100)).isEmpty)
        #expect(driver.failures.allSatisfy { $0.code == .rateLimited })
        #expect(driver.readiness == 2)
        #expect(driver.dialect.requestsInFlight == 0)
        #expect(driver.dialect.refusedCount == 0)
    }

    @Test func aRemovedRequestKeepsItsPlaceInFlight() throws {
        var pace = Pace.default
        pace.inFlight = 2
        var driver = try Driver(settled: ["call.*.*"], pace: pace)
        try driver.add(["object.*.*", "fax.status.*"])
        try driver.remove(["object.*.*"])
        #expect(try driver.add(["fax.object.*"]).isEmpty)
        #expect(try driver.succeed("s1").map(\.id) == ["s3"])
    }

    @Test func whatIsAddedAgainIsAskedForAnew() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"])
        try driver.remove(["call.*.*"])
        #expect(try driver.add(["call.*.*"]).map(\.id) == ["s0"])
        #expect(driver.confirmed() == ["object.*.*"])
        try driver.succeed("s0")
        #expect(driver.confirmed() == ["call.*.*", "object.*.*"])
        #expect(driver.readiness == 2)
    }

    @Test func whatIsAddedAgainWhileItsRequestIsInFlightIsAskedForOnceMoreAfterTheReply() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.add(["object.*.*"])
        try driver.remove(["object.*.*"])
        #expect(try driver.add(["object.*.*"]).isEmpty)
        #expect(try driver.succeed("s1").map(\.id) == ["s1"])
        #expect(driver.readiness == 1)
        try driver.succeed("s1")
        #expect(driver.readiness == 2)
        #expect(driver.confirmed() == ["call.*.*", "object.*.*"])
    }

    @Test func aRefusalIsNoNewsWhenItsSubscriptionIsAddedAgain() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.add(["nosuch.*"])
        try driver.refuse("s1", "no available subscriptions to requested binding")
        try driver.remove(["nosuch.*"])
        #expect(driver.dialect.refused.isEmpty)
        #expect(try driver.add(["nosuch.*"]).count == 1)
        try driver.refuse("s1", "no available subscriptions to requested binding")
        #expect(driver.failures.count == 1)
        #expect(driver.readiness == 3)
    }
}
