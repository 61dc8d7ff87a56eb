import TestSupport
import Testing

@testable import Events

@Suite struct EventViewTests {
    @Test func readsWhatACallSaysAboutItself() throws {
        let event = try batch([try Recordings.event("v4/call_CHANNEL_CREATE")])[0]
        #expect(event.name == "CHANNEL_CREATE")
        #expect(event.family == .call)
        #expect(event.subscribedKey == "call.*.*")
        #expect(event.accountID == "009afc511c97b2ae693c6cc4920988e8")
        #expect(event.messageID == "mMTYzNDU2NzCHANNEL_CREATE")
        #expect(
            event.eventID == "mMTYzNDU2NzCHANNEL_CREATE+call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE."
                + "MTYzNDU2Nzg5MA%2E%2Ea1b2c3d4%4010%2E26%2E0%2E41")
        #expect(event.connection == "kazoo-a#1")
        #expect(event.sequence == 7)
        let name = try #require(JSONPath("data.caller_id_name"))
        #expect(event.text(at: name) == #"Jörg "Test" Müller/Söhne 🎉"#)
        let flag = try #require(JSONPath("data.custom_channel_vars.media_webhook"))
        #expect(event.text(at: flag) == "false")
        let key = try #require(JSONPath("routing_key"))
        #expect(event.text(at: key) == event.routingKey)
    }

    @Test(arguments: [
        (#"{}"#, nil, nil), (#"{"data":1}"#, nil, nil), (#"{"data":{}}"#, nil, nil),
        (#"{"data":{"account_id":"a","msg_id":"m"}}"#, "a", "m"),
        (#"{"data":{"custom_channel_vars":{"account_id":"c"},"account_id":"a"}}"#, "a", nil),
        (#"{"data":{"custom_channel_vars":{"x":1,"account_id":"c"}}}"#, "c", nil),
        (#"{"data":{"custom_channel_vars":[],"account_id":5,"msg_id":""}}"#, nil, nil),
        (#"{"data": { "msg_id" : "m\"1", "account_id" : "a" , "account_id":"b"} }"#, "a", "m\"1"),
        (#"{"data":{"other":{"account_id":"no","msg_id":"no"}}}"#, nil, nil),
    ])
    func findsAccountAndMessageID(_ text: String, _ account: String?, _ message: String?) throws {
        let event = try batch(text)[0]
        #expect(event.accountID == account)
        #expect(event.messageID == message)
    }

    @Test func anEventWithoutMessageOrRoutingKeyHasNoID() throws {
        let batch = try batch(
            #"{"routing_key":"r","data":{}}"#, #"{"data":{"msg_id":"m"}}"#,
            #"{"routing_key":"r","data":{"msg_id":"m"}}"#)
        #expect(batch.map(\.eventID) == [nil, nil, "m+r"])
    }

    @Test(arguments: [
        ("call.acct.CHANNEL_CREATE.id", "call.*.*", "call"), ("doc_edited.db.user.id", "object.*.*", "object"),
        ("doc_created.db.fax.id", "fax.object.*", "object"), ("fax.status.acct.id", "fax.status.*", "fax"),
        ("conference.event.x.acct.c.id", nil, "conference"), ("dialog.realm.id", "dialog.*", "presence"),
        ("mwi_updates.realm.user", nil, "presence"), ("update.realm.id", nil, "presence"),
        ("dialog.event.acct.d.c", "dialog.event.d.c", "dialog"), ("pivot.stream.start.acct.id", "stream.*.*", "stream"),
        ("qubicle.queue.x", "qubicle.queue.*", "qubicle"), ("acdc.x", nil, "acdc"), (nil, nil, "unknown"),
        (nil, "live.conference.x", "live"),
    ])
    func tellsFamiliesByTheRoutingKey(_ routingKey: String?, _ subscribedKey: String?, _ family: String) {
        #expect(EventFamily(routingKey: routingKey, subscribedKey: subscribedKey) == EventFamily(family))
    }
}
