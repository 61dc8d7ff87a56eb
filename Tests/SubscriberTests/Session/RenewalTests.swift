import Blackhole
import Events
import Testing

@testable import Subscriber

/// How subscriptions are made anew, as scripts.
@Suite struct RenewalTests {
    private func policy(redundancy: Int = 1) -> SessionPolicy {
        var policy = SessionPolicy.forever
        policy.renewalInterval = .seconds(100)
        policy.redundancy = redundancy
        return policy
    }

    private func ready(kazoo version: Int, urls: Int = 1) throws -> Script {
        var script = try Script(policy())
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil, urls: urls)
        _ = script.settle(1, kazoo: version, at: 0)
        return script
    }

    /// Within the last quarter of the interval, so that connections do not renew all at once.
    @Test func renewalsAreSpread() throws {
        for seed in 0..<50 as Range<UInt64> {
            var script = try Script(policy(), seed: seed)
            _ = script.begin()
            _ = try script.logIn(at: 0, lifetime: nil)
            _ = script.settle(1, at: 0)
            #expect((75...100).contains(script.deadline ?? 0))
        }
    }

    @Test func kazoo4RepeatsOnTheConnectionThatStands() throws {
        var script = try ready(kazoo: 4)
        #expect(script.tick(at: 100).renewals == [1: .repeating])
        #expect(script.deadline == nil, "nothing is due before it is done")
        #expect(script.settle(1, at: 110) == [])
        #expect((185...210).contains(script.deadline ?? 0))
    }

    /// Made before the old one is left; then the old one's end may have taken the listener away, so the new one counts
    /// itself anew.
    @Test func kazoo5MakesASecondConnectionFirst() throws {
        var script = try ready(kazoo: 5)
        #expect(script.tick(at: 100).connects == [[2, 0]])
        let swap = script.settle(2, kazoo: 5, at: 101)
        #expect(swap == [.leave(ConnectionID(1))])
        #expect(script.lose(1, at: 102) == [], "the end of what was left is no loss")
        #expect(script.deadline == 104)
        #expect(script.tick(at: 104).renewals == [2: .recounting])
        #expect(script.settle(2, kazoo: 5, at: 105) == [])
        #expect((180...205).contains(script.deadline ?? 0))
    }

    /// The server allows no second connection: the one that stands does what it can.
    @Test(arguments: [Script.crowded, Script.lost]) func withoutASecondConnection(_ failure: SessionFailure) throws {
        var script = try ready(kazoo: 5)
        #expect(script.tick(at: 100).connects == [[2, 0]])
        #expect(script.lose(2, failure, at: 101).renewals == [1: .recounting])
        #expect(script.settle(1, kazoo: 5, at: 102) == [])
        #expect(script.machine.lanes.first?.failures == 0)
    }

    @Test func theSecondConnectionRefusesEverything() throws {
        var script = try ready(kazoo: 5)
        _ = script.tick(at: 100)
        let actions = script.settle(2, confirmed: 0, refused: 1, kazoo: 5, at: 101)
        #expect(actions.leaves == [2])
        #expect(actions.renewals == [1: .recounting])
    }

    /// The old connection breaks while the second one is being made: that one goes on as the only one.
    @Test func theSecondTakesThePlaceOfALostOne() throws {
        var script = try ready(kazoo: 5)
        _ = script.tick(at: 100)
        #expect(script.lose(1, at: 101) == [])
        #expect(script.settle(2, kazoo: 5, at: 102) == [.ready(confirmed: 1, refused: 0)])
    }

    @Test func aTokenIsNeededForTheSecondConnection() throws {
        var script = try Script(policy())
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: .seconds(60))
        _ = script.settle(1, kazoo: 5, at: 0)
        #expect(script.tick(at: 100) == [.logIn])
        #expect(try script.logIn(at: 101).connects == [[2, 0]])
    }

    /// Back to the first URL in time, in Kazoo 4 as well.
    @Test func aRenewalComesHome() throws {
        var script = try ready(kazoo: 4, urls: 2)
        _ = script.lose(1, at: 50)
        #expect(script.tick(at: 51).connects == [[2, 1]])
        _ = script.settle(2, at: 52)
        #expect(script.tick(at: 152).connects == [[3, 0]])
        #expect(script.settle(3, at: 153).leaves == [2])
        _ = script.lose(2, at: 154)
        #expect(script.tick(at: 156).renewals == [3: .recounting])
    }

    @Test func redundantConnectionsTakeTurns() throws {
        var script = try Script(policy(redundancy: 2))
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil, urls: 2)
        _ = script.settle(1, at: 0)
        _ = script.settle(2, at: 0)
        #expect(script.tick(at: 100).renewals.count == 1)
        let first = try #require(script.machine.lanes.first { $0.renewal != nil }?.link?.id.number)
        #expect(script.settle(first, at: 110).renewals == [3 - first: .repeating])
    }

    @Test func suspicionRenewsAtOnce() throws {
        var script = try ready(kazoo: 4)
        #expect(script.machine.suspected(ConnectionID(1), now: Script.at(20)).renewals == [1: .repeating])
        #expect(script.machine.suspected(ConnectionID(1), now: Script.at(21)) == [], "one at a time")
        #expect(script.machine.suspected(ConnectionID(9), now: Script.at(21)) == [], "long gone")
    }

    // MARK: The month

    /// In both generations a repeated subscribe binds the new month.
    @Test(arguments: [4, 5]) func theMonthTurns(_ version: Int) throws {
        var script = try ready(kazoo: version)
        #expect(script.machine.monthTurned(now: Script.at(10)).renewals == [1: .repeating])
        #expect(script.settle(1, kazoo: version, at: 11) == [])
    }

    /// What subscribes while the month turns may have done so a moment too early.
    @Test func theMonthTurnsDuringOtherThings() throws {
        var connecting = try Script(policy())
        _ = connecting.begin()
        _ = try connecting.logIn(at: 0, lifetime: nil)
        #expect(connecting.machine.monthTurned(now: Script.at(1)) == [])
        #expect(connecting.settle(1, at: 2).renewals == [1: .repeating])

        var renewing = try ready(kazoo: 4)
        _ = renewing.tick(at: 100)
        #expect(renewing.machine.monthTurned(now: Script.at(101)) == [])
        #expect(renewing.settle(1, at: 102).renewals == [1: .repeating])

        var resting = try ready(kazoo: 4)
        _ = resting.lose(1, at: 50)
        #expect(resting.machine.monthTurned(now: Script.at(50.1)).renewals == [:])
        _ = resting.tick(at: 51)
        #expect(resting.settle(2, at: 52).renewals == [:], "it subscribed after the turn")
    }
}
