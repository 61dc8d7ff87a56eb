import Blackhole
import Testing

@testable import Subscriber

@Suite struct SubscriptionPlanTests {
    private func sizes(_ plan: SubscriptionPlan) -> [Int] { plan.shares.map(\.subscriptions.count) }

    @Test(arguments: [(0, []), (1, [1]), (5, [5]), (6, [3, 3]), (11, [4, 4, 3]), (15, [5, 5, 5])])
    func sharesAreOfOneSize(_ count: Int, _ expected: [Int]) throws {
        var plan = SubscriptionPlan(capacity: 5)
        let change = plan.update(to: count == 0 ? [] : try Script.subscriptions(1...count))
        #expect(sizes(plan) == expected)
        #expect(change.newShares == plan.shares.map(\.id))
        #expect(plan.count == count)
    }

    @Test func whatStaysDoesNotMove() throws {
        var plan = SubscriptionPlan(capacity: 3)
        _ = plan.update(to: try Script.subscriptions(1...6))
        let change = plan.update(to: try Script.subscriptions(2...8))
        #expect(change.removed == [0: Set(try Script.subscriptions(1...1))])
        #expect(change.added == [0: try Script.subscriptions(7...7), 2: try Script.subscriptions(8...8)])
        #expect(change.newShares == [2])
        #expect(plan[share: 0] == (try Script.subscriptions(2...3) + Script.subscriptions(7...7)))
        #expect(plan.update(to: try Script.subscriptions(2...8)) == .init())
    }

    @Test func emptySharesGo() throws {
        var plan = SubscriptionPlan(capacity: 2)
        _ = plan.update(to: try Script.subscriptions(1...4))
        let change = plan.update(to: try Script.subscriptions(3...4))
        #expect(change.emptiedShares == [0])
        #expect(plan.shares.map(\.id) == [1])
        #expect(plan[share: 0] == [])
    }

    @Test func aDissolvedShareIsSpreadOverTheOthers() throws {
        var plan = SubscriptionPlan(capacity: 4)
        _ = plan.update(to: try Script.subscriptions(1...12))
        let change = plan.dissolve(1)
        #expect(change.newShares == [])
        #expect(sizes(plan) == [6, 6])
        #expect(change.added.values.flatMap { $0 }.count == 4)
        // No new connection for what comes later, either.
        _ = plan.update(to: try Script.subscriptions(1...20))
        #expect(sizes(plan) == [10, 10])
        _ = plan.dissolve(2)
        #expect(sizes(plan) == [20])
        #expect(plan.dissolve(0) == .init(), "the last one stays")
    }
}
