import Events
import Testing

@testable import Blackhole

/// Renewal by repeating, and what renewals of both kinds have in common.
@Suite struct RenewalTests {
    @Test(arguments: [Driver.Release.v4, .v5])
    func repeatsWhatIsConfirmedAndIsReadyAgain(_ release: Driver.Release) throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"], release: release)
        let opened = driver.now
        try driver.wait(.seconds(60))
        let sent = try driver.renew(.repeating)
        #expect(sent.map(\.action) == ["subscribe", "subscribe"])
        #expect(sent.map(\.id) == ["s0", "s1"])
        #expect(driver.dialect.confirmedCount == 2, "events flow while it is renewed")
        #expect(driver.confirmed(since: driver.now).isEmpty)
        try driver.succeed("s1")
        #expect(driver.readiness == 1)
        #expect(driver.confirmed(since: driver.now) == ["object.*.*"])
        #expect(try driver.state("call.*.*") == .confirmed(verifiedAt: opened))
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
        #expect(driver.confirmed(since: driver.now) == ["call.*.*", "object.*.*"])
        #expect(driver.dialect.deadline == nil)
        #expect(driver.failures.isEmpty)
    }

    @Test(arguments: [Renewal.repeating, .recounting])
    func withNothingToRenewItIsReadyAtOnce(_ renewal: Renewal) throws {
        var driver = try Driver(settled: [])
        #expect(try driver.renew(renewal).isEmpty)
        #expect(driver.readiness == 2)
    }

    @Test func beforeTheOpeningThereIsNothingToRenew() throws {
        var driver = try Driver(["call.*.*"])
        #expect(try driver.renew(.repeating).isEmpty)
        #expect(driver.readiness == 0)
        try driver.open()
        try driver.answerAll()
        #expect(driver.sent.count == 1)
    }

    @Test func anAdditionAndARenewalThatOverlapAreReadyOnce() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.renew(.repeating)
        try driver.add(["object.*.*"])
        try driver.add([])
        try driver.succeed("s1")
        #expect(driver.readiness == 1)
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
    }

    @Test func keepsToThePace() throws {
        var driver = try Driver(settled: (0..<500).map { "call.*.id-\($0)" })
        try driver.wait(.seconds(60))
        let start = driver.now
        #expect(try driver.renew(.repeating).count == 40)
        try driver.answerAll(from: 500)
        #expect(driver.sent.count == 1_000)
        #expect(start.duration(to: driver.now) == .seconds(1) / 9 * (500 - 90))
        #expect(driver.readiness == 2)
    }

    // MARK: Replies that are missing or late

    @Test func repeatsARenewalThatIsNotAnswered() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.renew(.repeating)
        #expect(try driver.wait(.seconds(10)).map(\.id) == ["s0"])
        try driver.wait(.seconds(20))
        #expect(driver.failures.map(\.code) == [.replyMissing])
        #expect(driver.dialect.confirmedCount == 1)
        #expect(try driver.wait(.seconds(15)).count == 1)
        try driver.succeed("s0")
        #expect(driver.readiness == 2)
        #expect(try driver.wait(.seconds(100)).isEmpty)
    }

    @Test func eachRenewalHasItsOwnPatience() throws {
        var driver = try Driver(settled: ["call.*.*"])
        for _ in 0..<3 {
            try driver.renew(.repeating)
            try driver.wait(.seconds(20))
            try driver.succeed("s0")
        }
        #expect(driver.failures.isEmpty)
        #expect(driver.readiness == 4)
    }

    @Test func aReplyFromBeforeTheRenewalConfirmsNothing() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.add(["object.*.*"])
        try driver.wait(.seconds(1))
        #expect(try driver.renew(.repeating).map(\.id) == ["s0"], "s1 is in flight")
        let answered = driver.now
        #expect(try driver.succeed("s1").map(\.id) == ["s1"], "its answer tells of a time before")
        try driver.succeed("s0")
        #expect(driver.readiness == 1)
        #expect(driver.confirmed() == ["call.*.*"])
        try driver.wait(.seconds(1))
        try driver.succeed("s1")
        #expect(driver.readiness == 2)
        #expect(try driver.state("object.*.*") == .confirmed(verifiedAt: driver.now))
        #expect(driver.confirmed(since: answered) == ["call.*.*", "object.*.*"])
    }

    @Test func aLateReplyConfirmsNoRenewalThatIsStillToBeMade() throws {
        var pace = Pace.default
        pace.inFlight = 1
        var driver = try Driver(settled: ["call.*.*", "object.*.*"], pace: pace)
        try driver.wait(.seconds(1))
        try driver.renew(.repeating)
        #expect(driver.dialect.requestsInFlight == 1)
        try driver.succeed("s1")
        #expect(driver.confirmed(since: driver.now).isEmpty)
        #expect(try driver.succeed("s0").map(\.id) == ["s1"])
        #expect(driver.readiness == 1)
        try driver.succeed("s1")
        #expect(driver.readiness == 2)
        #expect(driver.confirmed(since: driver.now).count == 2)
    }

    @Test func aRenewalDuringTheOpeningAsksAgainForWhatIsInFlight() throws {
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open()
        #expect(try driver.renew(.repeating).isEmpty)
        #expect(try driver.succeed("s0").map(\.id) == ["s1", "s0"])
        #expect(driver.sent.dropFirst().allSatisfy { $0["auth_token"] == nil })
        try driver.succeed("s1")
        try driver.succeed("s0")
        #expect(driver.readiness == 1)
        #expect(driver.dialect.confirmedCount == 2)
    }

    // MARK: Refusals

    @Test func whatIsRefusedDuringARenewalIsRefused() throws {
        var driver = try Driver(settled: ["call.*.*", "object.*.*"])
        try driver.renew(.repeating)
        try driver.refuse("s0", "unauthorized account id")
        try driver.succeed("s1")
        #expect(driver.readiness == 2)
        #expect(driver.failures.map(\.code) == [.subscriptionForbidden])
        #expect(driver.confirmed() == ["object.*.*"])
        #expect(driver.dialect.refused.map(\.binding.description) == ["call.*.*"])
        #expect(driver.dialect.refusedCount == 1)
    }

    @Test(arguments: [Renewal.repeating, .recounting])
    func asksAgainForWhatWasRefusedAndReportsTheSameRefusalOnce(_ renewal: Renewal) throws {
        var driver = try Driver(["nosuch.*", "call.*.*"], release: .v5)
        try driver.open()
        try driver.refuse("s0", "no available subscriptions to requested binding")
        try driver.succeed("s1")
        for round in 2...3 {
            let sent = try driver.renew(renewal)
            #expect(sent.first?.id == "s0")
            #expect(sent.allSatisfy { $0.action == "subscribe" })
            #expect(driver.dialect.refusedCount == 1)
            try driver.refuse("s0", "no available subscriptions to requested binding")
            try driver.succeed("s1")
            #expect(driver.readiness == round)
        }
        #expect(driver.failures.count == 1)
        try driver.renew(renewal)
        try driver.refuse("s0", "unauthorized account id")
        #expect(driver.failures.map(\.code) == [.subscriptionRefused, .subscriptionForbidden], "another one is news")
        try driver.succeed("s1")
        try driver.renew(renewal)
        try driver.succeed("s0")
        #expect(driver.dialect.refusedCount == 0)
        #expect(driver.confirmed().contains("nosuch.*"), "it has been mended")
    }

    @Test func withNothingConfirmedARenewalStillPresentsTheToken() throws {
        var driver = try Driver(["nosuch.*", "call.*.*"])
        try driver.open()
        try driver.refuse("s0", "no available subscriptions to requested binding")
        try driver.refuse("s1", "unauthorized account id")
        #expect(driver.readiness == 1)
        let sent = try driver.renew(.recounting)
        #expect(sent.map { $0["auth_token"] } == ["TOKEN"])
        #expect(driver.dialect.isRenewedByRepeating == nil)
        try driver.refuse("s0", "failed to authenticate token TOKEN")
        #expect(driver.failures.last?.code == .tokenRefused)
        #expect(driver.closes == [1000])
        #expect(driver.dialect.deadline == nil)
    }

    @Test func anUnclearFailureOfARenewalIsTriedAgainBeforeItCounts() throws {
        var driver = try Driver(settled: ["call.*.*"])
        try driver.renew(.repeating)
        for _ in 1...2 {
            try driver.refuse("s0", "disk on fire")
            #expect(driver.dialect.confirmedCount == 1)
            #expect(try driver.wait(.seconds(15)).count == 1)
        }
        try driver.refuse("s0", "disk on fire")
        #expect(driver.failures.map(\.code) == [.subscriptionRefused])
        #expect(driver.dialect.confirmedCount == 0)
        #expect(driver.readiness == 2)
    }

    // MARK: The release

    @Test func theFirstConfirmationTellsHowToRenew() throws {
        for (release, isRenewedByRepeating) in [(Driver.Release.v4, true), (.v5, false)] {
            var driver = try Driver(["call.*.*", "object.*.*"], release: release)
            try driver.open()
            #expect(driver.dialect.isRenewedByRepeating == nil)
            try driver.refuse("s0", "unauthorized account id")
            #expect(driver.dialect.isRenewedByRepeating == nil)
            try driver.succeed("s1")
            #expect(driver.dialect.isRenewedByRepeating == isRenewedByRepeating)
        }
    }
}
