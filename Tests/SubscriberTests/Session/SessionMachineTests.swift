import Blackhole
import Testing

@testable import Subscriber

/// The life of a session with one connection, as scripts; time is a parameter.
@Suite struct SessionMachineTests {
    @Test func lossAndReturnWithTheKeptToken() throws {
        var script = try Script()
        #expect(script.begin() == [.logIn])
        let subscriptions = try Script.subscriptions(1...1)
        #expect(
            try script.logIn(at: 1) == [
                .want(subscriptions, .start), .connect(ConnectionID(1), urlIndex: 0, subscriptions),
            ])
        #expect(script.settle(1, at: 2) == [.ready(confirmed: 1, refused: 0)])
        let delay = try #require(script.lose(1, at: 100).rest(from: 100))
        #expect((0...0.5).contains(delay))
        #expect(script.tick(at: 101) == [.connect(ConnectionID(2), urlIndex: 0, subscriptions)])
        #expect(script.settle(2, at: 102) == [.ready(confirmed: 1, refused: 0)], "told anew after a loss")
    }

    /// 80 % of the hour are 2880 seconds, counted from the login on.
    @Test func tokenIsRenewedInTime() throws {
        for (second, isFresh) in [(2889.0, true), (2890, false)] {
            var script = try Script(.renewingNever)
            _ = script.begin()
            _ = try script.logIn(at: 10)
            _ = script.settle(1, at: 11)
            _ = script.lose(1, at: second - 1)
            let actions = script.tick(at: second)
            #expect(actions.connects == (isFresh ? [[2, 0]] : []))
            #expect(actions.contains(.logIn) == !isFresh)
            if !isFresh { #expect(try script.logIn(at: second + 1).connects == [[2, 0]]) }
        }
    }

    @Test func tokenThatDoesNotSayWhenItEnds() throws {
        var script = try Script(.renewingNever)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        _ = script.settle(1, at: 1)
        _ = script.lose(1, at: 999_999)
        #expect(script.tick(at: 1_000_000).connects == [[2, 0]])
    }

    /// A ready token is of unknown age: it is read again for each connection.
    @Test func tokenWithoutALife() throws {
        var script = try Script()
        _ = script.begin()
        #expect(try script.logIn(at: 0, lifetime: .zero).connects == [[1, 0]])
        _ = script.settle(1, at: 1)
        _ = script.lose(1, at: 2)
        #expect(script.tick(at: 3) == [.logIn])
        #expect(try script.logIn(at: 4, lifetime: .zero).connects == [[2, 0]])
    }

    /// `exp` is the server's word: the largest number there is must not end the program.
    @Test func tokenForAllTime() throws {
        var script = try Script()
        _ = script.begin()
        #expect(try script.logIn(at: 0, lifetime: .seconds(Int.max - 1_795_227_493)).connects == [[1, 0]])
        _ = script.lose(1, at: 1)
        #expect(script.machine.token.isUsable(now: Script.at(2)))
    }

    // MARK: Refused tokens

    /// A kept token may have been revoked meanwhile: a new login answers that, at once.
    @Test func keptTokenRefused() throws {
        var script = try Script()
        _ = script.begin()
        _ = try script.logIn(at: 0)
        _ = script.settle(1, at: 1)
        _ = script.lose(1, at: 2)
        #expect(script.tick(at: 3).connects == [[2, 0]])
        #expect(script.refuseToken(2, at: 4) == [.logIn])
        #expect(try script.logIn(at: 5).connects == [[3, 0]])
        // Fresh and refused again: no hot loop.
        let delay = try #require(script.refuseToken(3, at: 6).rest(from: 6))
        #expect(delay >= 60)
        #expect(script.tick(at: 67) == [.logIn])
    }

    @Test(arguments: [SessionPolicy.oneShot, .once]) func freshTokenRefusedEndsTheCommand(_ policy: SessionPolicy)
        throws
    {
        var script = try Script(policy)
        _ = script.begin()
        _ = try script.logIn(at: 0, urls: 2)
        #expect(script.refuseToken(1, at: 1).failure == Script.denied)
    }

    @Test func freshTokenRefusedInADaemon() throws {
        var script = try Script(.forever)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        #expect(try #require(script.refuseToken(1, at: 1).rest(from: 1)) >= 60)
        #expect(script.tick(at: 100) == [.logIn])
    }

    // MARK: Policies

    @Test(arguments: [
        (SessionPolicy.oneShot, true, false), (.once, true, true), (.forever, false, false),
    ])
    func whatEnds(_ policy: SessionPolicy, _ before: Bool, _ after: Bool) throws {
        var login = try Script(policy)
        _ = login.begin()
        #expect((login.failLogin(at: 0).failure == Script.lost) == before)
        var connect = try Script(policy)
        _ = connect.begin()
        _ = try connect.logIn(at: 0)
        #expect((connect.lose(1, at: 1).failure == Script.lost) == before)
        var loss = try Script(policy)
        _ = loss.begin()
        _ = try loss.logIn(at: 0)
        _ = loss.settle(1, at: 1)
        #expect((loss.lose(1, at: 2).failure == Script.lost) == after)
        guard !after else { return }
        var outage = try Script(policy)
        _ = outage.begin()
        _ = try outage.logIn(at: 0, lifetime: .zero)
        _ = outage.settle(1, at: 1)
        _ = outage.lose(1, at: 2)
        #expect(outage.tick(at: 3) == [.logIn])
        #expect(outage.failLogin(at: 4).rest(from: 4) != nil, "once ready, an outage is survived")
    }

    @Test func nothingFollowsTheEnd() throws {
        var script = try Script()
        _ = script.begin()
        #expect(script.failLogin(at: 1).failure != nil)
        #expect(script.tick(at: 100) == [])
        #expect(script.deadline == nil)
    }

    // MARK: URLs

    /// The first readiness is worth one try of each URL, without a pause.
    @Test func everyURLOnceBeforeTheFirstReadiness() throws {
        var script = try Script()
        _ = script.begin()
        #expect(try script.logIn(at: 0, urls: 3).connects == [[1, 0]])
        #expect(script.lose(1, at: 1).connects == [[2, 1]])
        #expect(script.lose(2, at: 2).connects == [[3, 2]])
        #expect(script.lose(3, at: 3).failure == Script.lost)
    }

    /// What is refused for good at one URL is refused at the next one too.
    @Test func finalRefusalTriesNoOtherURL() throws {
        var script = try Script()
        _ = script.begin()
        _ = try script.logIn(at: 0, urls: 3)
        #expect(script.lose(1, Script.denied, at: 1).failure == Script.denied)
    }

    /// A proxy before one URL wants other credentials: that says nothing about the next URL.
    @Test func aRefusalOfOneURLTriesTheOthers() throws {
        let forbidden = SessionFailure(.denied, "403", isOfOneURL: true)
        var start = try Script()
        _ = start.begin()
        _ = try start.logIn(at: 0, urls: 2)
        #expect(start.lose(1, forbidden, at: 1).connects == [[2, 1]])
        #expect(start.lose(2, forbidden, at: 2).failure == forbidden)

        var later = try Script(.forever)
        _ = later.begin()
        _ = try later.logIn(at: 0, lifetime: nil, urls: 2)
        _ = later.settle(1, at: 1)
        _ = later.lose(1, at: 100)
        #expect(later.tick(at: 101).connects == [[2, 1]])
        #expect(try #require(later.lose(2, forbidden, at: 102).rest(from: 102)) <= 2, "the first one may be back")
        #expect(later.tick(at: 105).connects == [[3, 0]])
    }

    @Test(arguments: [SessionPolicy.oneShot, .forever]) func nextURLAfterALoss(_ policy: SessionPolicy) throws {
        var script = try Script(policy)
        _ = script.begin()
        _ = try script.logIn(at: 0, urls: 2)
        _ = script.settle(1, at: 1)
        for (number, index) in [(1, 1), (2, 0), (3, 1), (4, 0)] {
            let second = Double(number) * 100
            #expect(script.lose(number, at: second).rest(from: second) != nil)
            #expect(script.tick(at: second + 60).connects == [[number + 1, index]])
        }
    }

    @Test func anotherListOfURLsBeginsAtItsFirst() throws {
        var script = try Script(.forever)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: .zero, urls: 3)
        _ = script.lose(1, at: 1)
        _ = script.tick(at: 2)
        #expect(try script.logIn(at: 3, lifetime: .zero, urls: 3).connects == [[2, 1]])
        _ = script.lose(2, at: 4)
        _ = script.tick(at: 10)
        #expect(try script.logIn(at: 11, lifetime: .zero, urls: 2).connects == [[3, 0]])
    }

    // MARK: Pauses

    @Test(arguments: [SessionFailure.Kind.denied, .rejected]) func finalRefusalsPauseLonger(
        _ kind: SessionFailure.Kind
    ) throws {
        for seed in 0..<50 as Range<UInt64> {
            var script = try Script(.forever, seed: seed)
            _ = script.begin()
            for attempt in 0..<12 {
                let now = Double(attempt) * 100
                let delay = script.failLogin(SessionFailure(kind, "no"), at: now).rest(from: now)
                #expect(delay == 60, "the back-off's own bound is a minute as well")
                #expect(script.tick(at: now + 60) == [.logIn])
            }
        }
    }

    /// 429, of Crossbar or of the upgrade: never sooner than ten seconds, and not all at once.
    @Test(arguments: [SessionFailure.Kind.throttled, .crowded]) func whoAsksForPatienceIsGivenIt(
        _ kind: SessionFailure.Kind
    ) throws {
        var delays: [Double] = []
        for seed in 0..<200 as Range<UInt64> {
            var script = try Script(.forever, seed: seed)
            _ = script.begin()
            delays.append(script.failLogin(SessionFailure(kind, "429"), at: 0).rest(from: 0) ?? 0)
        }
        #expect(delays.allSatisfy { (10...20).contains($0) })
        #expect((delays.max() ?? 0) - (delays.min() ?? 0) > 9)
    }

    @Test func failuresGrowThePause() throws {
        var longest = [Double](repeating: 0, count: 10)
        for seed in 0..<300 as Range<UInt64> {
            var script = try Script(.forever, seed: seed)
            _ = script.begin()
            for attempt in 0..<10 {
                let now = Double(attempt) * 100
                let delay = script.failLogin(at: now).rest(from: now) ?? -1
                #expect(delay >= 0)
                #expect(delay <= min(60, 0.5 * Double(1 << attempt)))
                longest[attempt] = max(longest[attempt], delay)
                #expect(script.tick(at: now + 60.1) == [.logIn])
            }
        }
        for (attempt, delay) in longest.enumerated() { #expect(delay > 0.9 * min(60, 0.5 * Double(1 << attempt))) }
    }

    @Test(arguments: [(29.9, 6), (30, 1), (3000, 1)]) func onlyAStableConnectionForgetsFailures(
        _ stable: Double, _ failures: Int
    ) throws {
        var policy = SessionPolicy.forever
        policy.renewalInterval = nil
        var script = try Script(policy)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        for number in 1...5 {
            _ = script.lose(number, at: Double(number) * 100)
            _ = script.tick(at: Double(number) * 100 + 60)
        }
        _ = script.settle(6, at: 600)
        _ = script.lose(6, at: 600 + stable)
        #expect(script.machine.lanes.first?.failures == failures)
        // A connection that was not ready again is not stable, however long it took.
        _ = script.tick(at: 10_000)
        _ = script.lose(7, at: 100_000)
        #expect(script.machine.lanes.first?.failures == failures + 1)
    }

    /// A thousand clients lose one server at the same instant. No tenth of the half second brings back more than its
    /// share, nor less.
    @Test func aThousandClientsDoNotReturnAsOneWave() throws {
        var tenths = [Int](repeating: 0, count: 10)
        for seed in 0..<1000 as Range<UInt64> {
            var script = try Script(.renewingNever, seed: seed)
            _ = script.begin()
            _ = try script.logIn(at: 0, lifetime: nil)
            _ = script.settle(1, at: 1)
            let delay = script.lose(1, at: 100).rest(from: 100) ?? -1
            #expect((0...0.5).contains(delay))
            tenths[max(0, min(9, Int(delay * 20)))] += 1
        }
        // A hundred each; the seeds are fixed, and five standard deviations are 47.
        for count in tenths { #expect(abs(count - 100) < 48) }
    }

    // MARK: Refusals

    /// Where nothing at all is accepted, a command has failed, and a daemon asks again after a while.
    @Test func everythingRefused() throws {
        var command = try Script()
        _ = command.begin()
        _ = try command.logIn(at: 0)
        let end = command.settle(1, confirmed: 0, refused: 1, at: 1)
        #expect(end.leaves == [1])
        #expect(end.failure?.kind == .refused)

        var daemon = try Script(.forever)
        _ = daemon.begin()
        _ = try daemon.logIn(at: 0)
        let actions = daemon.settle(1, confirmed: 0, refused: 1, at: 1)
        #expect(actions.leaves == [1])
        #expect(actions.rest(from: 1) == 60)
        #expect(!actions.contains(.ready(confirmed: 0, refused: 1)))
        #expect(daemon.lose(1, at: 2) == [], "the end of what was left is no loss")
        #expect(daemon.tick(at: 61).connects == [[2, 0]])
    }

    @Test func someRefused() throws {
        var script = try Script(bindings: 3)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        #expect(script.settle(1, confirmed: 2, refused: 1, at: 1) == [.ready(confirmed: 2, refused: 1)])
    }
}

extension SessionPolicy {
    /// A command's, without renewals, which would come between.
    static var renewingNever: SessionPolicy {
        var policy = oneShot
        policy.renewalInterval = nil
        return policy
    }
}
