import Blackhole
import Testing

@testable import Subscriber

@Suite struct ConnectionInboxTests {
    @Test func ordersAreTakenOnceInTheirOrder() throws {
        let inbox = ConnectionInbox()
        let subscriptions = try Script.subscriptions(1...2)
        inbox.post(.add(subscriptions))
        inbox.post(.remove([subscriptions[0]]))
        #expect(inbox.take() == [.add(subscriptions), .remove([subscriptions[0]])])
        #expect(inbox.take() == [])
    }

    @Test func aThreadThatDoesNotReadIsNoticed() {
        let inbox = ConnectionInbox()
        let start = SuspendingClock.now
        #expect(inbox.isRead(now: start + .seconds(3600)), "the connection is being made")
        _ = inbox.take(now: start)
        #expect(inbox.isRead(now: start + .seconds(60)))
        #expect(!inbox.isRead(now: start + .seconds(61)))
        _ = inbox.take(now: start + .seconds(62))
        #expect(inbox.isRead(now: start + .seconds(63)))
    }
}
