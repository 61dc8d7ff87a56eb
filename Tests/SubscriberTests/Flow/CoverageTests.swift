import Blackhole
import Events
import Testing

@testable import Subscriber

/// What is live, what is missing and what is believed, as scripts.
@Suite struct CoverageTests {
    private let first = ConnectionID(1)
    private let second = ConnectionID(2)
    private var coverage = Coverage()
    private let subscriptions: [Subscription]

    init() throws { subscriptions = try Script.subscriptions(1...3) }

    private func at(_ seconds: Double) -> Timestamp { Timestamp(microseconds: Int64(seconds * 1_000_000)) }

    /// A gap of the token's own account.
    private func gap(_ from: Double, _ to: Double, _ reason: Gap.Reason, _ numbers: ClosedRange<Int>) throws -> Gap {
        Gap(
            from: at(from), to: at(to), reason: reason, accounts: [try AccountID(Script.own)],
            bindings: try numbers.map(Script.binding))
    }

    @Test mutating func theFirstConfirmationEndsNothing() {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        #expect(coverage.liveUntil == nil)
        #expect(coverage.confirmed(subscriptions, on: first, at: at(1)) == [])
        coverage.heard(on: first, at: at(5))
        #expect(coverage.liveUntil == at(5))
    }

    @Test mutating func aLostConnectionIsAGapUntilTheNext() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(1))
        coverage.heard(on: first, at: at(60))
        coverage.lost(first)
        #expect(coverage.liveUntil == at(60))
        coverage.opened(second, to: "a", at: at(70))
        #expect(
            coverage.confirmed(subscriptions, on: second, at: at(72)) == [
                try gap(1, 60, .unverified, 1...3), try gap(60, 72, .connectionLost, 1...3),
            ])
        #expect(coverage.missingCount == 0)
    }

    /// One subscription is back sooner than the others, which stay missing.
    @Test mutating func eachSubscriptionHasItsOwnGap() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        coverage.lost(first)
        coverage.opened(second, to: "a", at: at(2))
        #expect(
            coverage.confirmed([subscriptions[0]], on: second, at: at(3)) == [try gap(0, 3, .connectionLost, 1...1)])
        #expect(coverage.missingCount == 2)
        #expect(coverage.liveUntil == at(0))
        #expect(
            coverage.confirmed(Array(subscriptions[1...]), on: second, at: at(4))
                == [try gap(0, 4, .connectionLost, 2...3)])
    }

    @Test mutating func notRunning() throws {
        coverage.want(subscriptions, since: at(-100), reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        #expect(
            coverage.confirmed(subscriptions, on: first, at: at(1)) == [try gap(-100, 1, .notRunning, 1...3)])
    }

    /// A clock that was set back must not make a gap end before it begins.
    @Test mutating func aClockThatWasSetBack() throws {
        coverage.want(subscriptions, since: at(100), reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        #expect(
            coverage.confirmed(subscriptions, on: first, at: at(1)) == [try gap(100, 100, .notRunning, 1...3)])
    }

    // MARK: What is refused

    @Test mutating func aRefusalThatIsMendedLater() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        coverage.refused([subscriptions[0]], on: first, at: at(1))
        _ = coverage.confirmed(Array(subscriptions[1...]), on: first, at: at(1))
        coverage.heard(on: first, at: at(50))
        #expect(coverage.liveUntil == at(50), "a refusal does not hold the moment back")
        #expect(
            coverage.confirmed([subscriptions[0]], on: first, at: at(60)) == [try gap(1, 60, .refused, 1...1)])
    }

    @Test mutating func whatWasConfirmedIsRefusedInARenewal() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        coverage.refused([subscriptions[0]], on: first, at: at(20))
        #expect(
            coverage.confirmed([subscriptions[0]], on: first, at: at(30)) == [
                try gap(0, 20, .unverified, 1...1), try gap(20, 30, .refused, 1...1),
            ])
    }

    // MARK: What nobody vouches for

    @Test mutating func aRenewalTurnsTheTimeSinceIntoADoubt() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        #expect(coverage.confirmed(subscriptions, on: first, at: at(900)) == [try gap(0, 900, .unverified, 1...3)])
        #expect(
            coverage.confirmed([subscriptions[0]], on: first, at: at(1800)) == [try gap(900, 1800, .unverified, 1...1)])
    }

    @Test mutating func eventsVerifyWhileTheyKeepComing() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        coverage.witnessed(subscriptions[0], at: at(1))
        #expect(coverage.verifiedAt(subscriptions[0]) == at(0), "one event says nothing about the time before it")
        _ = coverage.confirmed(subscriptions, on: first, at: at(2))
        for second in stride(from: 5.0, through: 60, by: 5) { coverage.witnessed(subscriptions[0], at: at(second)) }
        #expect(coverage.verifiedAt(subscriptions[0]) == at(60))
        // An outage of half a minute, and events resume: they say nothing about the outage.
        for second in stride(from: 90.0, through: 200, by: 5) { coverage.witnessed(subscriptions[0], at: at(second)) }
        #expect(coverage.verifiedAt(subscriptions[0]) == at(60))
        #expect(
            coverage.confirmed(subscriptions, on: first, at: at(205)) == [
                try gap(2, 205, .unverified, 2...3), try gap(60, 205, .unverified, 1...1),
            ])
        coverage.witnessed(subscriptions[0], at: at(208))
        #expect(coverage.verifiedAt(subscriptions[0]) == at(208))
    }

    /// Kazoo confirms while its message broker is away: an event soon after the renewal does not vouch for the time since.
    @Test mutating func aRenewalDuringAnOutageVouchesForNothing() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        coverage.witnessed(subscriptions[0], at: at(1))
        // Events are lost from here to the 48th second.
        _ = coverage.confirmed([subscriptions[0]], on: first, at: at(45))
        for second in stride(from: 50.0, through: 80, by: 5) { coverage.witnessed(subscriptions[0], at: at(second)) }
        #expect(coverage.confirmed([subscriptions[0]], on: first, at: at(90)) == [try gap(45, 90, .unverified, 1...1)])
    }

    /// Nor does an event that comes soon after the connection was made anew.
    @Test mutating func aNewConnectionDuringAnOutageVouchesForNothing() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        coverage.witnessed(subscriptions[0], at: at(1))
        coverage.heard(on: first, at: at(40))
        coverage.lost(first)
        coverage.opened(second, to: "a", at: at(41))
        _ = coverage.confirmed(subscriptions, on: second, at: at(42))
        for second in stride(from: 50.0, through: 80, by: 5) { coverage.witnessed(subscriptions[0], at: at(second)) }
        #expect(
            coverage.confirmed([subscriptions[0]], on: second, at: at(90)) == [try gap(42, 90, .unverified, 1...1)])
    }

    /// Each is verified at a moment of its own; records are for people.
    @Test mutating func doubtsThatBeginTogetherShareARecord() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        _ = coverage.confirmed([subscriptions[1]], on: first, at: at(4))
        _ = coverage.confirmed([subscriptions[2]], on: first, at: at(9))
        #expect(coverage.confirmed(subscriptions, on: first, at: at(900)) == [try gap(0, 900, .unverified, 1...3)])
    }

    /// Two connections subscribe within milliseconds of each other.
    @Test mutating func aDoubtOfAMomentWaitsForTheNextRecord() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        #expect(coverage.confirmed(subscriptions, on: first, at: at(0.9)) == [])
        #expect(coverage.confirmed(subscriptions, on: first, at: at(2)) == [try gap(0, 2, .unverified, 1...3)])
    }

    // MARK: Witnesses

    @Test mutating func twoServersVouchForEachOther() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        coverage.opened(second, to: "b", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        _ = coverage.confirmed(subscriptions, on: second, at: at(0.1))
        #expect(coverage.confirmed(subscriptions, on: first, at: at(900)) == [])
        #expect(coverage.confirmed(subscriptions, on: second, at: at(1000)) == [])
        // The restart of one server is no gap; from then on the other is alone.
        coverage.heard(on: first, at: at(1100))
        coverage.lost(first)
        #expect(coverage.missingCount == 0)
        #expect(
            coverage.confirmed(subscriptions, on: second, at: at(1300)) == [try gap(1100, 1300, .unverified, 1...3)])
    }

    /// What silences one silences the other.
    @Test mutating func oneServerTwiceIsNoWitness() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        for id in [first, second] {
            coverage.opened(id, to: "a", at: at(0))
            _ = coverage.confirmed(subscriptions, on: id, at: at(0))
        }
        #expect(coverage.confirmed(subscriptions, on: first, at: at(900)) == [try gap(0, 900, .unverified, 1...3)])
        coverage.lost(first)
        #expect(coverage.missingCount == 0)
    }

    // MARK: What is silenced, and what is not wanted

    @Test mutating func theMonthTurns() throws {
        let account = try AccountID(Script.own)
        let faxes = try Subscription(account: account, binding: Binding("fax.object.*"))
        let users = try Subscription(account: account, binding: Binding("object.doc_created.user"))
        coverage.want([faxes, users], since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed([faxes, users], on: first, at: at(0))
        coverage.silence(since: at(100), reason: .monthTurned, where: \.binding.isBoundToMonth)
        let gaps = coverage.confirmed([faxes, users], on: first, at: at(165))
        #expect(gaps.map(\.reason) == [.unverified, .monthTurned, .unverified])
        #expect(gaps.map(\.bindings) == [[faxes.binding], [faxes.binding], [users.binding]])
        #expect(gaps.map(\.from) == [at(0), at(100), at(0)])
        #expect(gaps.map(\.to) == [at(100), at(165), at(165)])
    }

    /// What was missed while it was wanted is told when nobody wants it any longer; nothing else would tell.
    @Test mutating func whatIsNotWantedIsNotMissed() throws {
        coverage.want(subscriptions, since: nil, reason: .notRunning)
        coverage.opened(first, to: "a", at: at(0))
        _ = coverage.confirmed(subscriptions, on: first, at: at(0))
        coverage.heard(on: first, at: at(3))
        coverage.lost(first)
        #expect(coverage.missingCount == 3)
        #expect(
            coverage.unwant([subscriptions[0]], at: at(5)) == [
                try gap(0, 3, .unverified, 1...1), try gap(3, 5, .connectionLost, 1...1),
            ])
        #expect(coverage.missingCount == 2)
        coverage.opened(second, to: "a", at: at(5))
        #expect(
            coverage.confirmed(subscriptions, on: second, at: at(6)) == [
                try gap(0, 3, .unverified, 2...3), try gap(3, 6, .connectionLost, 2...3),
            ])
        #expect(coverage.unwant([subscriptions[2]], at: at(9)) == [try gap(6, 9, .unverified, 3...3)])
        #expect(coverage.count == 1)
    }
}
