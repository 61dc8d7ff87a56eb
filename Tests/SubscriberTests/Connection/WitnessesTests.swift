import Blackhole
import Events
import Testing

@testable import Subscriber

/// Which subscriptions an event bears witness to.
@Suite struct WitnessesTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let database = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8"

    private static func subscription(_ binding: String) throws -> Subscription {
        try Subscription(account: AccountID(account), binding: Binding(binding))
    }

    private static func batch(_ key: String, _ routingKey: String) throws -> EventBatch {
        var batch = EventBatch()
        let text = """
            {"action":"event","subscribed_key":"\(key)","name":"N","routing_key":"\(routingKey)",\
            "data":{"account_id":"\(account)"}}
            """
        try Array(text.utf8).withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        return batch
    }

    /// A stranger's unsubscribe may have silenced the wider of two bindings, and its other events are lost.
    @Test func onlyTheBindingThatBroughtIt() throws {
        let (wide, narrow) = (
            try Self.subscription("object.*.user"), try Self.subscription("object.doc_edited.user")
        )
        var witnesses = Witnesses()
        let both = [wide, narrow]
        let begin = ContinuousClock.now
        let edited = "doc_edited.\(Self.database).user.1"
        #expect(
            witnesses.look(at: try Self.batch("object.doc_edited.user", edited), now: begin, among: both) == [narrow])
        #expect(
            witnesses.look(
                at: try Self.batch("object.*.user", edited), now: begin + Witnesses.pause, among: both) == [wide])
    }

    @Test func presenceLosesItsPrefix() throws {
        let dialogs = try Self.subscription("presence.dialog.*")
        var witnesses = Witnesses()
        let batch = try Self.batch("dialog.*", "dialog.acme%2Eexample%2Ecom.1")
        #expect(witnesses.look(at: batch, now: .now, among: [dialogs]) == [dialogs])
    }

    /// It looks at a few events a second.
    @Test func itLooksAway() throws {
        let users = try Self.subscription("object.*.user")
        var witnesses = Witnesses()
        let batch = try Self.batch("object.*.user", "doc_edited.\(Self.database).user.1")
        let begin = ContinuousClock.now
        #expect(witnesses.look(at: batch, now: begin, among: [users]) == [users])
        #expect(witnesses.look(at: batch, now: begin + Witnesses.pause / 2, among: [users]) == [])
        #expect(witnesses.look(at: batch, now: begin + Witnesses.pause, among: [users]) == [users])
    }

    /// Each of the listeners behind a wildcard can be lost by itself.
    @Test func oneListenerOfSeveralVouchesForNone() throws {
        let (calls, creations) = (try Self.subscription("call.*.*"), try Self.subscription("call.CHANNEL_CREATE.*"))
        let routingKey = "call.\(Self.account).CHANNEL_CREATE.1"
        for subscription in [calls, creations] {
            var witnesses = Witnesses()
            let batch = try Self.batch(subscription.binding.description, routingKey)
            #expect(
                witnesses.look(at: batch, now: .now, among: [calls, creations])
                    == (subscription == calls ? [] : [creations]))
        }
    }
}
