import Blackhole
import Events
import Subscriber
import Testing

@testable import trials

/// The judge of the chaos trial has to see what is wrong, and nothing where all is well.
@Suite struct VerdictTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let other = "b1946ac92492d2347c6235b4d2611184"

    /// A moment, in milliseconds.
    private static func at(_ milliseconds: Int64) -> Timestamp { Timestamp(microseconds: milliseconds * 1_000) }

    private static func span(_ from: Int64, _ to: Int64) -> Span { Span(at(from), at(to)) }

    private static func subscription(
        _ binding: String = "call.*.*", _ account: String = account
    ) throws -> Subscription {
        try Subscription(account: AccountID(account), binding: Binding(binding))
    }

    /// An event that took a millisecond to publish.
    private static func publication(
        _ id: String, at moment: Int64, for subscriptions: [Subscription]? = nil
    ) throws -> Ledger.Publication {
        let subscriptions = try subscriptions ?? [subscription()]
        return Ledger.Publication(id: id, span: span(moment, moment + 1), subscriptions: subscriptions)
    }

    private static func gap(
        _ from: Int64, _ to: Int64, _ reason: Gap.Reason = .connectionLost, account: String = account,
        binding: String = "call.*.*"
    ) throws -> Gap {
        Gap(
            from: at(from), to: at(to), reason: reason, accounts: [try AccountID(account)],
            bindings: [try Binding(binding)])
    }

    @Test func everythingCameOnce() throws {
        var ledger = Ledger()
        ledger.published = [try Self.publication("a", at: 100), try Self.publication("b", at: 200, for: [])]
        ledger.arrivals = ["a": 1]
        let verdict = Verdict(on: ledger)
        #expect(verdict.violations.isEmpty)
        #expect(verdict.published == 2)
        #expect(verdict.covered == 1)
        #expect(verdict.received == 1)
        #expect(verdict.widest == .microseconds(1_000))
    }

    @Test func repeatedAndInvented() throws {
        var ledger = Ledger()
        ledger.published = [try Self.publication("a", at: 100)]
        ledger.arrivals = ["a": 2, "b": 1]
        #expect(Verdict(on: ledger).violations == [.repeated("a", times: 2), .invented("b")])
    }

    @Test func lostInsideAGap() throws {
        var ledger = Ledger()
        ledger.published = [try Self.publication("a", at: 100)]
        ledger.gaps = [try Self.gap(50, 150)]
        let verdict = Verdict(on: ledger)
        #expect(verdict.violations.isEmpty)
        #expect(verdict.missedInGaps == 1)
    }

    @Test func lostOutsideEveryGap() throws {
        var ledger = Ledger()
        let lost = try Self.publication("a", at: 200)
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(50, 150)]
        #expect(Verdict(on: ledger).violations == [.lost(lost, try Self.subscription())])
    }

    /// Two readings of a clock may contradict each other a little, and no more.
    @Test(arguments: [(156, false), (155, true), (44, true), (43, false)])
    func atTheEdgeOfAGap(moment: Int64, isExcused: Bool) throws {
        var ledger = Ledger()
        ledger.published = [try Self.publication("a", at: moment)]
        ledger.gaps = [try Self.gap(50, 150)]
        #expect(Verdict(on: ledger).violations.isEmpty == isExcused)
    }

    @Test func gapOfAnotherAccount() throws {
        var ledger = Ledger()
        let lost = try Self.publication("a", at: 100)
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(50, 150, account: Self.other)]
        #expect(Verdict(on: ledger).violations == [.lost(lost, try Self.subscription())])
    }

    @Test func gapOfAnotherBinding() throws {
        var ledger = Ledger()
        let lost = try Self.publication("a", at: 100)
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(50, 150, binding: "fax.status.*")]
        #expect(Verdict(on: ledger).violations == [.lost(lost, try Self.subscription())])
    }

    /// Where two subscriptions bring an event, each must be known to miss it.
    @Test func gapOfOneOfTwoSubscriptions() throws {
        var ledger = Ledger()
        let (wide, narrow) = (try Self.subscription(), try Self.subscription("call.CHANNEL_CREATE.*"))
        let lost = try Self.publication("a", at: 100, for: [wide, narrow])
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(50, 150)]
        #expect(Verdict(on: ledger).violations == [.lost(lost, narrow)])
        ledger.gaps.append(try Self.gap(50, 150, binding: "call.CHANNEL_CREATE.*"))
        #expect(Verdict(on: ledger).violations.isEmpty)
    }

    /// A doubt excuses only what a silent fault has swallowed.
    @Test func doubts() throws {
        var ledger = Ledger()
        let lost = try Self.publication("a", at: 100)
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(50, 150, .unverified)]
        #expect(Verdict(on: ledger).violations == [.unexplained(lost, try Self.subscription())])

        ledger.faults = [Ledger.Fault("drop", Self.span(90, 110))]
        #expect(Verdict(on: ledger).violations == [.unexplained(lost, try Self.subscription())], "it is heard of")

        ledger.faults = [Ledger.Fault("listener-restart", Self.span(10, 10), silence: Self.span(10, 90))]
        #expect(Verdict(on: ledger).violations == [.unexplained(lost, try Self.subscription())], "it was over")

        ledger.faults = [Ledger.Fault("listener-restart", Self.span(10, 10), silence: Self.span(10, 120))]
        let verdict = Verdict(on: ledger)
        #expect(verdict.violations.isEmpty)
        #expect(verdict.missedInDoubts == 1)
    }

    /// A silent fault without a doubt is no excuse.
    @Test func silenceWithoutADoubt() throws {
        var ledger = Ledger()
        let lost = try Self.publication("a", at: 100)
        ledger.published = [lost]
        ledger.faults = [Ledger.Fault("lose-events", Self.span(50, 150), silence: Self.span(50, 200))]
        #expect(Verdict(on: ledger).violations == [.lost(lost, try Self.subscription())])
    }

    /// With redundant connections there is no excuse but that an account was not known yet.
    @Test func nothingMayBeMissing() throws {
        var ledger = Ledger()
        let lost = try Self.publication("a", at: 100)
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(50, 150)]
        ledger.allowedReasons = [.accountFound]
        #expect(Verdict(on: ledger).violations == [.lost(lost, try Self.subscription())])
        ledger.gaps = [try Self.gap(50, 150, .accountFound)]
        #expect(Verdict(on: ledger).violations.isEmpty)
    }

    @Test func explanationNamesWhatIsNear() throws {
        var ledger = Ledger()
        let lost = try Self.publication("trial-7+call.x", at: 100_000)
        ledger.published = [lost]
        ledger.gaps = [try Self.gap(40_000, 50_000), try Self.gap(1, 2, binding: "fax.status.*")]
        ledger.faults = [
            Ledger.Fault("outage", Self.span(90_000, 95_000)), Ledger.Fault("freeze", Self.span(1_000, 2_000)),
        ]
        let violation = try #require(Verdict(on: ledger).violations.first)
        let explanation = violation.explanation(ledger)
        #expect(explanation.contains("trial-7+call.x"))
        #expect(explanation.contains("gap connection_lost: 00:00:40.000000 – 00:00:50.000000"))
        #expect(explanation.contains("fault outage"))
        #expect(!explanation.contains("freeze"))
        #expect(!explanation.contains("00:00:00.001"))
    }
}
