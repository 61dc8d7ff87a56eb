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
            try wishes.subscriptions(own: own, descendants: [below]) == [
                Subscription(account: own, binding: calls), Subscription(account: below, binding: users),
                Subscription(account: own, binding: users),
            ])
    }

    @Test func tokenWithoutAnAccount() throws {
        let wishes = Wishes([.init(accounts: .own, binding: try Binding("call.*.*"))])
        #expect(throws: SessionFailure(.rejected, "the token does not name its account; give --account ID")) {
            try wishes.subscriptions(own: nil, descendants: [])
        }
    }
}
