import Blackhole
import Events
import Testing

@testable import Subscriber

@Suite struct UnwantedEventsTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let other = "b1946ac92492d2347c6235b4d2611184"

    private func subscription(_ binding: String, _ account: String = account) throws -> Subscription {
        try Subscription(account: AccountID(account), binding: Binding(binding))
    }

    private func call(_ event: String, _ account: String = account) -> String { "call.\(account).\(event).id" }

    /// The routing keys that are left.
    private func left(_ keys: [String], by unwanted: inout UnwantedEvents) throws -> [String] {
        var batch = EventBatch()
        for key in keys {
            let text = #"{"action":"event","subscribed_key":"call.*.*","name":"N","routing_key":"\#(key)","data":{}}"#
            try Array(text.utf8).withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        unwanted.discard(from: &batch)
        return batch.compactMap(\.routingKey)
    }

    @Test func whatIsGoneIsKeptOut() throws {
        let (created, all) = (try subscription("call.CHANNEL_CREATE.*"), try subscription("call.*.*", Self.other))
        var unwanted = UnwantedEvents(wanted: [created, all])
        let keys = [call("CHANNEL_CREATE"), call("CHANNEL_CREATE", Self.other), call("CHANNEL_ANSWER", Self.other)]
        #expect(try left(keys, by: &unwanted) == keys)
        unwanted.remove([all])
        #expect(try left(keys, by: &unwanted) == [keys[0]])
        unwanted.add([all])
        #expect(try left(keys, by: &unwanted) == keys)
    }

    /// The binding that is gone and one that stays stand for the same event: whichever brings it, it is wanted.
    @Test func whatIsWantedElsewhereStays() throws {
        let (all, created) = (try subscription("call.*.*"), try subscription("call.CHANNEL_CREATE.*"))
        var unwanted = UnwantedEvents(wanted: [all])
        unwanted.remove([all])
        unwanted.add([created])
        let keys = [call("CHANNEL_CREATE"), call("CHANNEL_ANSWER"), call("CHANNEL_CREATE")]
        #expect(try left(keys, by: &unwanted) == [keys[0], keys[2]])
    }

    /// What nobody ever asked for is none of its business: it may be of a kind that is not known here.
    @Test func whatIsNotKnownStays() throws {
        let all = try subscription("call.*.*")
        var unwanted = UnwantedEvents(wanted: [all])
        unwanted.remove([all])
        #expect(try left(["something.else", call("CHANNEL_CREATE")], by: &unwanted) == ["something.else"])
        var batch = EventBatch()
        Array("no JSON".utf8).withUnsafeBytes { batch.append(invalid: $0) }
        unwanted.discard(from: &batch)
        #expect(batch.count == 1)
    }
}
