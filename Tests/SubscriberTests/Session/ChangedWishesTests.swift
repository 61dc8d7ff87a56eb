import Blackhole
import Testing

@testable import Subscriber

/// How a session that runs changes what it wants, as scripts.
@Suite struct ChangedWishesTests {
    private func policy(each: Int = 500, renewal: Duration? = nil) -> SessionPolicy {
        var policy = SessionPolicy.forever
        policy.subscriptionsPerConnection = each
        policy.renewalInterval = renewal
        return policy
    }

    /// A session that is live with so many bindings of its own account.
    private func live(_ bindings: Int, each: Int = 500) throws -> Script {
        var script = try Script(policy(each: each), bindings: bindings)
        _ = script.begin()
        let loads = try script.logIn(at: 0, lifetime: nil).loads
        for (index, load) in loads.enumerated() { _ = script.settle(index + 1, confirmed: load, at: 1) }
        #expect(script.machine.isReady)
        return script
    }

    private func subscription(_ number: Int, of account: Int? = nil) throws -> Subscription {
        try Subscription(
            account: account.map { try Script.account($0) } ?? AccountID(Script.own), binding: Script.binding(number))
    }

    // MARK: Live

    /// The connection that stands is told what is new and what is gone, and nothing of what stays.
    @Test func theConnectionThatStandsIsTold() throws {
        var script = try live(2)
        let (gone, new) = (try subscription(2), try subscription(3))
        #expect(
            script.want(try Script.wishes([1, 3]), at: 10) == [
                .changed(added: 1, removed: 1), .want([new], .change), .unwant([gone]),
                .remove(ConnectionID(1), [gone]), .add(ConnectionID(1), [new]),
            ])
        #expect(script.settle(1, confirmed: 2, late: 2, at: 11) == [], "that was before it heard of the change")
        #expect(script.settle(1, confirmed: 1, late: 1, at: 11) == [])
        #expect(script.settle(1, confirmed: 2, at: 12) == [.ready(confirmed: 2, refused: 0)])
        _ = script.lose(1, at: 100)
        #expect(script.tick(at: 101).connects == [[2, 0]])
        #expect(script.machine.plan[share: 0] == [try subscription(1), new])
    }

    /// Also what changes nothing is answered, and what only repeats or reorders.
    @Test func noChangeIsToldAtOnce() throws {
        var script = try live(2)
        for wishes in [[1, 2], [2, 1], [1, 2, 2]] {
            #expect(
                script.want(try Script.wishes(wishes), at: 10)
                    == [.changed(added: 0, removed: 0), .ready(confirmed: 2, refused: 0)])
        }
    }

    @Test func whatIsRefusedIsTold() throws {
        var script = try live(1)
        _ = script.want(try Script.wishes([1, 2]), at: 10)
        #expect(script.settle(1, confirmed: 1, refused: 1, at: 11) == [.ready(confirmed: 1, refused: 1)])
        _ = script.want(try Script.wishes([1]), at: 20)
        #expect(script.settle(1, confirmed: 1, at: 21) == [.ready(confirmed: 1, refused: 0)])
    }

    /// What is new goes where there is room; the server of a lane that carries nothing any more is left.
    @Test func lanesComeAndGo() throws {
        var script = try live(4, each: 2)
        let all = try script.want(Script.wishes(1...5), at: 10)
        #expect(all.loads == [1])
        #expect(script.settle(3, confirmed: 1, at: 11) == [.ready(confirmed: 5, refused: 0)])
        let fewer = try script.want(Script.wishes([1, 2, 5]), at: 20)
        #expect(fewer.leaves == [2])
        #expect(fewer.contains(.ready(confirmed: 3, refused: 0)), "those that stay have nothing to settle")
        #expect(script.lose(2, at: 21) == [], "the end of what was left is no loss")
        #expect(script.machine.lanes.map(\.share) == [0, 2])
    }

    /// Nobody should ask for it, and nothing bad comes of it.
    @Test func nothingIsWanted() throws {
        var script = try live(1)
        let actions = script.want([], at: 10)
        #expect(actions.leaves == [1])
        #expect(actions.last == .ready(confirmed: 0, refused: 0))
        #expect(script.lose(1, at: 11) == [])
        #expect(script.deadline == nil)
        #expect(script.want(try Script.wishes([7]), at: 20).loads == [1])
        #expect(script.settle(2, at: 21) == [.ready(confirmed: 1, refused: 0)])
    }

    @Test func nothingFollowsTheEnd() throws {
        var script = try Script()
        _ = script.begin()
        #expect(script.failLogin(at: 1).failure != nil)
        #expect(script.want(try Script.wishes([2]), at: 2) == [])
    }

    // MARK: Not live

    /// What was wanted when the session began is missed since the run before; what came later was never waited for.
    @Test func beforeTheFirstLogin() throws {
        var script = try Script(policy(), bindings: 2)
        #expect(script.begin() == [.logIn])
        #expect(script.want(try Script.wishes([2, 3]), at: 1) == [.changed(added: 1, removed: 1)])
        let (kept, new) = (try subscription(2), try subscription(3))
        #expect(
            try script.logIn(at: 2) == [
                .want([kept], .start), .want([new], .change),
                .connect(ConnectionID(1), urlIndex: 0, [kept, new]),
            ])
        #expect(script.settle(1, confirmed: 2, at: 3) == [.ready(confirmed: 2, refused: 0)])
    }

    @Test func whileConnecting() throws {
        var script = try Script(policy(), bindings: 2)
        _ = script.begin()
        _ = try script.logIn(at: 0)
        let actions = script.want(try Script.wishes([1, 3]), at: 1)
        #expect(actions.suffix(2).contains(.add(ConnectionID(1), [try subscription(3)])))
        #expect(actions.connects == [])
        #expect(script.settle(1, confirmed: 2, late: 2, at: 2) == [])
        #expect(script.settle(1, confirmed: 2, at: 3) == [.ready(confirmed: 2, refused: 0)])
    }

    /// The connection that is to come makes the subscriptions that are wanted then, and the pause stays as long as it is.
    @Test func whileResting() throws {
        var script = try live(2)
        let rest = try #require(script.lose(1, at: 10).rest(from: 10))
        let actions = script.want(try Script.wishes([1, 3]), at: 10)
        #expect(actions.connects == [])
        #expect(script.deadline == 10 + rest)
        #expect(
            script.tick(at: 11) == [
                .connect(ConnectionID(2), urlIndex: 0, [try subscription(1), try subscription(3)])
            ])
        #expect(script.settle(2, confirmed: 2, at: 12) == [.ready(confirmed: 2, refused: 0)])
    }

    /// A second connection takes over only when it carries what was added meanwhile, too.
    @Test func duringARenewal() throws {
        var script = try Script(policy(renewal: .seconds(100)), bindings: 2)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        _ = script.settle(1, confirmed: 2, kazoo: 5, at: 0)
        #expect(script.tick(at: 100).connects == [[2, 0]])
        let actions = script.want(try Script.wishes([1, 2, 3]), at: 101)
        let new = try subscription(3)
        #expect(actions.suffix(2) == [.add(ConnectionID(1), [new]), .add(ConnectionID(2), [new])])
        #expect(script.settle(2, confirmed: 2, late: 1, kazoo: 5, at: 102) == [])
        #expect(
            script.settle(2, confirmed: 3, kazoo: 5, at: 103)
                == [.leave(ConnectionID(1)), .ready(confirmed: 3, refused: 0)])
        #expect(script.settle(1, confirmed: 3, kazoo: 5, at: 103) == [], "it is being left")
    }

    /// The server has refused everything: what is new is asked for at once, and not after the pause.
    @Test func aRefusedShareIsTriedAgain() throws {
        var script = try Script(policy())
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        #expect(script.settle(1, confirmed: 0, refused: 1, at: 1).rest(from: 1) == 60)
        #expect(script.want(try Script.wishes([1, 2]), at: 2).loads == [2])
        #expect(script.settle(2, confirmed: 1, refused: 1, at: 3) == [.ready(confirmed: 1, refused: 1)])
    }

    /// A refusal that the server has spoken before it heard of the change says nothing about what is new.
    @Test func aRefusalFromBeforeTheChange() throws {
        var script = try Script(policy())
        _ = script.begin()
        _ = try script.logIn(at: 0)
        _ = script.want(try Script.wishes([1, 2]), at: 1)
        #expect(script.settle(1, confirmed: 0, refused: 1, late: 1, at: 2) == [])
        #expect(script.settle(1, confirmed: 1, refused: 1, at: 3) == [.ready(confirmed: 1, refused: 1)])
    }

    // MARK: Descendants

    /// What needs no list of accounts does not wait for it, and what the first list brings has not been missed.
    @Test func descendantsAreWantedToo() throws {
        var script = try live(1)
        let new = try subscription(2)
        #expect(
            script.want(try Script.wishes([1, 2]) + Script.wishes([1], for: .descendants), at: 10) == [
                .changed(added: 2, removed: 0), .want([new], .change), .add(ConnectionID(1), [new]), .listAccounts,
            ])
        #expect(script.settle(1, confirmed: 2, at: 11) == [], "the accounts are not known yet")
        let first = try subscription(1, of: 1)
        #expect(
            try script.list(1...1, at: 12) == [.want([first], .change), .add(ConnectionID(1), [first])])
        #expect(script.settle(1, confirmed: 3, at: 13) == [.ready(confirmed: 3, refused: 0)])
        // Later ones are found.
        #expect(script.tick(at: 72) == [.listAccounts])
        #expect(try script.list(1...2, at: 73).first == .want([try subscription(1, of: 2)], .accountFound))
    }

    /// Another binding for accounts that are known.
    @Test func anotherBindingForDescendants() throws {
        var script = try Script(policy(), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        _ = try script.list(1...2, at: 1)
        _ = script.settle(1, confirmed: 2, at: 2)
        let actions = script.want(try Script.wishes([1, 2], for: .descendants), at: 3)
        #expect(actions.contains(.want(try [1, 2].map { try subscription(2, of: $0) }, .change)))
        #expect(!actions.contains(.listAccounts))
        #expect(script.settle(1, confirmed: 4, at: 4) == [.ready(confirmed: 4, refused: 0)])
    }

    @Test func noListYetIsNoReadiness() throws {
        var script = try live(1)
        _ = script.want(try Script.wishes([1]) + Script.wishes([1], for: .descendants), at: 10)
        let failed = script.machine.listingFailed(Script.lost, isTokenRefused: false, now: Script.at(11))
        let rest = try #require(failed.rest(from: 11), "somebody may want to know why it is not ready")
        #expect(script.tick(at: 11 + rest + 0.001) == [.listAccounts])
        #expect(
            script.machine.listed([], now: Script.at(20)) == [.ready(confirmed: 1, refused: 0)],
            "there are none, and that is settled")
    }

    @Test func descendantsAreNotWantedAnyMore() throws {
        var script = try Script(policy(), descendants: true)
        _ = script.begin()
        _ = try script.logIn(at: 0, lifetime: nil)
        _ = try script.list(1...2, at: 1)
        _ = script.settle(1, confirmed: 2, at: 2)
        #expect(script.tick(at: 61) == [.listAccounts])
        let new = try subscription(1)
        let gone = Set(try [1, 2].map { try subscription(1, of: $0) })
        #expect(
            script.want(try Script.wishes([1]), at: 62) == [
                .changed(added: 1, removed: 1), .want([new], .change), .unwant(gone),
                .remove(ConnectionID(1), gone), .add(ConnectionID(1), [new]),
            ])
        #expect(script.settle(1, at: 63) == [.ready(confirmed: 1, refused: 0)])
        #expect(try script.list(1...3, at: 64) == [], "nobody wants to know any more")
        #expect(script.machine.accountCreated(now: Script.at(65)) == [])
        #expect(script.deadline == nil)
    }

    /// Wanted again before the answer to the last question is there: one question at a time.
    @Test func descendantsAreWantedAgain() throws {
        var script = try Script(policy(), bindings: 1, descendants: true)
        _ = script.begin()
        #expect(try script.logIn(at: 0, lifetime: nil) == [.listAccounts])
        _ = script.want(try Script.wishes([1]), at: 1)
        _ = script.settle(1, at: 2)
        let again = script.want(try Script.wishes([1]) + Script.wishes([1], for: .descendants), at: 3)
        #expect(again == [.changed(added: 1, removed: 0)])
        let found = try subscription(1, of: 1)
        #expect(try script.list(1...1, at: 4) == [.want([found], .change), .add(ConnectionID(1), [found])])
        #expect(script.deadline == 64)
    }

    // MARK: What is not possible

    /// A session that lives for ever goes on with what it had, and says so.
    @Test func whatIsNotPossibleChangesNothing() throws {
        let everything = SessionConfiguration.Wanted(
            accounts: .account(try AccountID("*")), binding: try Binding("object.*.*"))
        let account = SessionConfiguration.Accounts.account(try Script.account(1))
        var script = try Script(policy())
        script.machine.wishes = Wishes(try Script.wishes([1], for: account))
        _ = script.begin()
        _ = script.machine.loggedIn(account: nil, lifetime: nil, urlCount: 1, now: Script.at(0))
        _ = script.settle(1, at: 1)
        for (wishes, words) in [
            (try Script.wishes([2]), "the token does not name its account"),
            (try Script.wishes([2], for: .descendants), "the token does not name its account"),
            ([everything], "all accounts (*) can be subscribed to with call bindings only"),
        ] {
            let actions = script.want(try Script.wishes([1, 2], for: account) + wishes, at: 10)
            #expect(actions.count == 2)
            guard case .changeRefused(let failure) = actions.first else {
                Issue.record("it is not possible: \(actions)")
                continue
            }
            #expect(failure.kind == .rejected)
            #expect(failure.message.contains(words))
            #expect(actions.last == .ready(confirmed: 1, refused: 0))
            #expect(script.machine.wishes.wanted == (try Script.wishes([1], for: account)))
            #expect(script.deadline == nil)
        }
    }

    /// Before the first login nobody knows whether the token names its account.
    @Test func whatTurnsOutNotToBePossible() throws {
        let account = SessionConfiguration.Accounts.account(try Script.account(1))
        var script = try Script(policy())
        script.machine.wishes = Wishes(try Script.wishes([1], for: account))
        _ = script.begin()
        #expect(script.want(try Script.wishes([2]), at: 0.1) == [.changed(added: 1, removed: 1)])
        #expect(
            script.want(try Script.wishes([2], for: .descendants), at: 0.2) == [.changed(added: 1, removed: 1)])
        let actions = script.machine.loggedIn(account: nil, lifetime: nil, urlCount: 1, now: Script.at(1))
        guard case .changeRefused(let failure) = actions.first else {
            Issue.record("it is not possible: \(actions)")
            return
        }
        #expect(failure.kind == .rejected)
        let kept = try subscription(1, of: 1)
        #expect(
            actions.dropFirst() == [.want([kept], .start), .connect(ConnectionID(1), urlIndex: 0, [kept])])
        #expect(script.settle(1, at: 2) == [.ready(confirmed: 1, refused: 0)])
    }
}
