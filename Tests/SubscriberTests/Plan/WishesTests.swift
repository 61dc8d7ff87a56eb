import Blackhole
import Testing

@testable import Subscriber

@Suite struct WishesTests {
    @Test func eachSubscriptionOnceInTheOrderOfTheWishes() throws {
        let (calls, users) = (try Binding("call.*.*"), try Binding("object.doc_created.user"))
        let own = try AccountID(Script.own)
        let wishes = Wishes([
            .init(accounts: .own, binding: calls), .init(accounts: .account(own), binding: calls),
            .init(accounts: .descendants, binding: users), .init(accounts: .own, binding: users),
        ])
        #expect(wishes.includesDescendants)
        let below = try Script.account(1)
        #expect(
            try wishes.subscriptions(own: own, descendants: [below]).map(\.subscription) == [
                Subscription(account: own, binding: calls), Subscription(account: below, binding: users),
                Subscription(account: own, binding: users),
            ])
    }

    /// What stays is no news, what comes is missed since nobody knows when, and what was there once finds accounts.
    @Test func occasions() throws {
        let (own, below) = (try AccountID(Script.own), try Script.account(1))
        var wishes = Wishes(try Script.wishes([1]) + Script.wishes([1], for: .descendants))
        let occasions = { (wishes: Wishes) in
            try wishes.subscriptions(own: own, descendants: [below]).map(\.occasion)
        }
        #expect(try occasions(wishes) == [.start, .start])
        wishes.areLaidOut(areDescendantsKnown: false)
        #expect(try occasions(wishes) == [.accountFound, .start])
        wishes.areLaidOut(areDescendantsKnown: true)
        #expect(try occasions(wishes) == [.accountFound, .accountFound])
        wishes.change(to: try Script.wishes([2]) + Script.wishes([1, 2], for: .descendants))
        #expect(try occasions(wishes) == [.change, .accountFound, .change])
        wishes.change(to: try Script.wishes([1]))
        #expect(try occasions(wishes) == [.change], "it had been gone")
    }

    /// An account below the login's that is named besides: what the earlier wish has promised is kept.
    @Test func theEarliestOccasionCounts() throws {
        var wishes = Wishes(try Script.wishes([1], for: .descendants))
        wishes.areLaidOut(areDescendantsKnown: true)
        let below = try Script.account(1)
        wishes.change(to: try Script.wishes([1], for: .account(below)) + Script.wishes([1], for: .descendants))
        #expect(
            try wishes.subscriptions(own: nil, descendants: [below]).map(\.occasion) == [.accountFound])
    }

    @Test func onlyWhoFollowsAccountsHearsOfThem() throws {
        #expect(Wishes(try Script.wishes([1])).announcements == nil)
        #expect(Wishes(try Script.wishes([1], for: .descendants)).announcements != nil)
    }

    @Test func tokenWithoutAnAccount() throws {
        let wishes = Wishes([.init(accounts: .own, binding: try Binding("call.*.*"))])
        #expect(throws: SessionFailure(.rejected, "the token does not name its account; give --account ID")) {
            try wishes.subscriptions(own: nil, descendants: [])
        }
    }
}
