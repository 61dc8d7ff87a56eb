import Blackhole
import Testing

@testable import Subscriber

/// The life of a session with several connections, as scripts.
@Suite struct SeveralConnectionsTests {
    private func policy(
        _ base: SessionPolicy = .renewingNever, each: Int = 2, redundancy: Int = 1
    ) -> SessionPolicy {
        var policy = base
        policy.subscriptionsPerConnection = each
        policy.redundancy = redundancy
        return policy
    }

    @Test func manySubscriptionsAreSpreadEvenly() throws {
        var script = try Script(policy(each: 500), bindings: 10_000)
        _ = script.begin()
        let loads = try script.logIn(at: 0).loads
        #expect(loads == Array(repeating: 500, count: 20))
        var uneven = try Script(policy(each: 500), bindings: 501)
        _ = uneven.begin()
        #expect(try uneven.logIn(at: 0).loads == [251, 250])
    }

    @Test func readyIsWhatAllAre() throws {
        var script = try Script(policy(), bindings: 4)
        _ = script.begin()
        #expect(try script.logIn(at: 0).connects == [[1, 0], [2, 0]])
        #expect(script.settle(2, confirmed: 2, at: 1) == [])
        #expect(script.settle(1, confirmed: 1, refused: 1, at: 2) == [.ready(confirmed: 3, refused: 1)])
    }

    /// A share that is refused as a whole is settled: the others need not wait for it.
    @Test func aRefusedShareHoldsUpNobody() throws {
        var script = try Script(policy(), bindings: 4)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        #expect(script.settle(1, confirmed: 2, at: 1) == [])
        let actions = script.settle(2, confirmed: 0, refused: 2, at: 2)
        #expect(actions.contains(.ready(confirmed: 2, refused: 2)))
        #expect(actions.leaves == [2])
        #expect(actions.rest(from: 2) == 60)
    }

    /// One connection that fails at the start does not end the others; the last one does.
    @Test func theLastFailureEndsTheStart() throws {
        var script = try Script(policy(), bindings: 4)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        #expect(script.lose(1, at: 1).failure == nil)
        #expect(script.lose(2, at: 1.1).failure == Script.lost)
    }

    @Test func eachConnectionBacksOffByItself() throws {
        var script = try Script(policy(.forever), bindings: 4)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        _ = script.settle(1, confirmed: 2, at: 1)
        _ = script.settle(2, confirmed: 2, at: 1)
        #expect(script.lose(2, at: 50).rest(from: 50) != nil)
        #expect(script.tick(at: 51).connects == [[3, 0]])
        #expect(script.settle(3, confirmed: 2, at: 52) == [.ready(confirmed: 4, refused: 0)])
    }

    /// Both connections present the old token; the login that the first refusal brings is not undone by the second.
    @Test func oneLoginForManyRefusals() throws {
        var script = try Script(policy(.forever), bindings: 4)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        _ = script.settle(1, confirmed: 2, at: 1)
        _ = script.settle(2, confirmed: 2, at: 1)
        _ = script.lose(1, at: 50)
        _ = script.lose(2, at: 50)
        #expect(script.tick(at: 51).connects == [[3, 0], [4, 0]])
        #expect(script.refuseToken(3, at: 52) == [.logIn])
        #expect(try script.logIn(at: 53).connects == [[5, 0]])
        #expect(script.refuseToken(4, at: 54).connects == [[6, 0]], "the refused token was the old one")
    }

    // MARK: Fewer connections

    @Test func whatTheServerDoesNotAllowGoesToTheOthers() throws {
        var script = try Script(policy(), bindings: 6)
        _ = script.begin()
        #expect(try script.logIn(at: 0).loads == [2, 2, 2])
        _ = script.settle(1, confirmed: 2, at: 1)
        let actions = script.lose(3, Script.crowded, at: 2)
        let subscriptions = try Script.subscriptions(5...6)
        #expect(
            actions == [
                .add(ConnectionID(1), [subscriptions[0]]), .add(ConnectionID(2), [subscriptions[1]]),
            ])
        // Connection 2 was being made; what was added is settled with the rest.
        #expect(script.settle(2, confirmed: 3, at: 3) == [], "connection 1 has not said how the fifth came out")
        #expect(script.settle(1, confirmed: 3, at: 4) == [.ready(confirmed: 6, refused: 0)])
        _ = script.lose(2, at: 100)
        #expect(script.tick(at: 200).loads == [3])
    }

    /// A crowd passes: after ten minutes, new accounts may have new connections.
    @Test(arguments: [(599.0, []), (601, [1])] as [(Double, [Int])]) func aCrowdIsForgotten(
        _ later: Double, _ loads: [Int]
    ) throws {
        var script = try Script(policy(), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        #expect(try script.list(1...4, at: 1).loads == [2, 2])
        _ = script.settle(1, confirmed: 2, at: 2)
        _ = script.lose(2, Script.crowded, at: 3)
        _ = script.settle(1, confirmed: 4, at: 4)
        _ = script.tick(at: 3 + later)
        #expect(try script.list(1...5, at: 3 + later).loads == loads)
    }

    @Test func theLastConnectionWaitsForItsTurn() throws {
        var script = try Script(policy(.forever), bindings: 2)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        let delay = try #require(script.lose(1, Script.crowded, at: 1).rest(from: 1))
        #expect((10...20).contains(delay))
    }

    // MARK: Redundancy

    @Test func redundantConnectionsBelongToDifferentServers() throws {
        var script = try Script(policy(redundancy: 2), bindings: 2)
        _ = script.begin()
        #expect(try script.logIn(at: 0, urls: 2).connects == [[1, 0], [2, 1]])
        #expect(script.settle(2, confirmed: 2, at: 1) == [.ready(confirmed: 2, refused: 0)], "one is enough")
        #expect(script.settle(1, confirmed: 2, at: 2) == [])
        // Server 1 is lost: the other server is taken already, so it is tried again.
        #expect(script.lose(1, at: 100).rest(from: 100) != nil)
        #expect(script.tick(at: 101).connects == [[3, 0]])
    }

    @Test func aThirdServerStandsIn() throws {
        var script = try Script(policy(redundancy: 2), bindings: 2)
        _ = script.begin()
        _ = try script.logIn(at: 0, urls: 3)
        _ = script.settle(1, confirmed: 2, at: 1)
        _ = script.settle(2, confirmed: 2, at: 1)
        _ = script.lose(1, at: 100)
        #expect(script.tick(at: 101).connects == [[3, 2]])
    }

    /// A dead second server keeps nobody from starting, nor does its loss end a session that does not reconnect.
    @Test func oneOfTwoIsEnough() throws {
        var start = try Script(policy(redundancy: 2), bindings: 2)
        _ = start.begin()
        _ = try start.logIn(at: 0, urls: 2)
        let other = start.lose(2, at: 1)
        #expect(other.failure == nil)
        #expect(start.settle(1, confirmed: 2, at: 2) == [.ready(confirmed: 2, refused: 0)])

        var once = try Script(policy(.once, redundancy: 2), bindings: 2)
        _ = once.begin()
        _ = try once.logIn(at: 0, urls: 2)
        _ = once.settle(1, confirmed: 2, at: 1)
        _ = once.settle(2, confirmed: 2, at: 1)
        #expect(once.lose(1, at: 100).failure == nil)
        #expect(once.lose(2, at: 100.1).failure == Script.lost)
    }

    // MARK: Descendants

    @Test func descendantsAreAskedForFirst() throws {
        var script = try Script(policy(each: 500), descendants: true)
        #expect(script.begin() == [.logIn])
        #expect(try script.logIn(at: 1) == [.listAccounts])
        let actions = try script.list(1...3, at: 2)
        #expect(actions.loads == [3])
        guard case .want(let wanted, .start) = actions.first else {
            Issue.record("nothing is wanted: \(actions)")
            return
        }
        #expect(wanted.count == 3)
    }

    @Test func newAccountsAreFound() throws {
        var script = try Script(policy(each: 3), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 1)
        _ = try script.list(1...2, at: 2)
        _ = script.settle(1, confirmed: 2, at: 3)
        #expect(script.deadline == 62)
        #expect(script.tick(at: 61) == [])
        #expect(script.tick(at: 62) == [.listAccounts])
        #expect(try script.list(1...2, at: 63) == [], "nothing is new")
        #expect(script.tick(at: 123) == [.listAccounts])
        let actions = try script.list(1...5, at: 124)
        let found = try (3...5).map { try Subscription(account: Script.account($0), binding: Script.binding(1)) }
        #expect(actions.first == .want(found, .accountFound))
        #expect(actions.contains(.add(ConnectionID(1), [found[0]])), "there is room for one")
        #expect(actions.loads == [2])
    }

    @Test func accountsThatAreGoneAreForgotten() throws {
        var script = try Script(policy(each: 2), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 1)
        #expect(try script.list(1...4, at: 2).loads == [2, 2])
        _ = script.settle(1, confirmed: 2, at: 3)
        _ = script.settle(2, confirmed: 2, at: 3)
        _ = script.tick(at: 62)
        let gone = Set(try (2...4).map { try Subscription(account: Script.account($0), binding: Script.binding(1)) })
        let actions = try script.list(1...1, at: 63)
        #expect(actions.first == .unwant(gone))
        #expect(actions.leaves == [2], "nothing is left to carry for it")
        #expect(script.machine.lanes.count == 1)
    }

    @Test func pollsSlowDownWhenAskedTo() throws {
        var script = try Script(policy(), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 1, lifetime: nil)
        _ = try script.list(1...1, at: 2)
        _ = script.settle(1, at: 3)
        var now = 62.0
        for pause in [120.0, 240, 480, 960, 960] {
            #expect(script.tick(at: now) == [.listAccounts])
            let throttled = SessionFailure(.throttled, "429")
            _ = script.machine.listingFailed(throttled, isTokenRefused: false, now: Script.at(now))
            #expect(script.deadline == now + pause)
            now += pause
        }
        _ = script.tick(at: now)
        _ = try script.list(1...1, at: now)
        #expect(script.deadline == now + 60)
    }

    @Test func anEventHurriesThePoll() throws {
        var script = try Script(policy(), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 1)
        _ = try script.list(1...1, at: 2)
        _ = script.settle(1, at: 3)
        #expect(script.machine.accountCreated(now: Script.at(20)) == [.listAccounts])
        _ = try script.list(1...2, at: 21)
        #expect(script.machine.accountCreated(now: Script.at(22)) == [], "not more often than every five seconds")
        #expect(script.deadline == 25)
    }

    @Test func anExpiredTokenIsRenewedForThePoll() throws {
        var script = try Script(policy(), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 1, lifetime: .seconds(50))
        _ = try script.list(1...1, at: 2)
        _ = script.settle(1, at: 3)
        #expect(script.tick(at: 62) == [.logIn])
        #expect(try script.logIn(at: 63) == [.listAccounts])
        // Refused all the same: the fresh one is not asked for in a loop.
        let refused = script.machine.listingFailed(Script.denied, isTokenRefused: true, now: Script.at(64))
        #expect(refused == [])
        #expect(script.deadline == 124)
    }

    @Test func noDescendants() throws {
        var command = try Script(policy(), descendants: true)
        _ = command.begin()
        _ = try command.logIn(at: 1)
        #expect(command.machine.listed([], now: Script.at(2)).failure?.kind == .rejected)
        var daemon = try Script(policy(.forever), descendants: true)
        _ = daemon.begin()
        _ = try daemon.logIn(at: 1)
        #expect(daemon.machine.listed([], now: Script.at(2)) == [.ready(confirmed: 0, refused: 0)])
        #expect(daemon.tick(at: 62) == [.listAccounts])
        #expect(try daemon.list(1...1, at: 63).loads == [1])
    }
}
