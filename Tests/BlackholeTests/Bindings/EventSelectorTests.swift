import Events
import Testing

@testable import Blackhole

@Suite struct EventSelectorTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let other = "b1946ac92492d2347c6235b4d2611184"

    private func event(_ routingKey: String, subscribedKey: String = "x") throws -> EventView {
        var batch = EventBatch()
        let text = Array(
            #"{"action":"event","subscribed_key":"\#(subscribedKey)","routing_key":"\#(routingKey)"}"#.utf8)
        try text.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        return batch[0]
    }

    @Test(arguments: [
        ("call.*.*", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.a%2Eb"),
        ("call.CHANNEL_CREATE.a%2Eb", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.a%2Eb"),
        ("object.*.*", "doc_edited.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.u1"),
        ("object.*.*", "doc_edited.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8-202611.cdr.c1"),
        ("object.doc_edited.user", "doc_edited.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.u1"),
        ("fax.object.doc_created", "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8-202611.fax.f1"),
        ("fax.status.*", "fax.status.009afc511c97b2ae693c6cc4920988e8.f1"),
        ("conference.event.c1.*", "conference.event.add-member.009afc511c97b2ae693c6cc4920988e8.c1.x"),
        ("conference.event.add-member.c1.*", "conference.event.add-member.009afc511c97b2ae693c6cc4920988e8.c1.x"),
        ("conference.command.c1", "conference.command.c1"), ("presence.dialog.*", "dialog.acme%2Eexample%2Ecom.x"),
        ("presence.mwi_updates.1000", "mwi_updates.acme.1000"), ("presence.update.x", "update.acme.x"),
        ("stream.*.*", "pivot.stream.start.009afc511c97b2ae693c6cc4920988e8.x"),
    ])
    func selects(_ binding: String, _ routingKey: String) throws {
        let selector = EventSelector(
            try Subscription(account: AccountID(Self.account), binding: Binding(binding)))
        #expect(try selector.selects(event(routingKey)))
        #expect(try EventSelector(Binding(binding)).selects(event(routingKey)))
        if routingKey.contains("fc511c97") {
            let stranger = EventSelector(try Binding(binding), account: try AccountID(Self.other))
            #expect(try !stranger.selects(event(routingKey)))
        }
    }

    @Test(arguments: [
        ("call.CHANNEL_CREATE.*", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_DESTROY.a"),
        ("call.*.a", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.b"),
        ("call.*.*", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE"),
        ("call.*.*", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.a.b"),
        ("object.doc_edited.user", "doc_edited.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.device.d"),
        ("object.doc_created.*", "doc_edited.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.u1"),
        ("fax.object.*", "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.u1"),
        ("fax.status.*", "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8-202611.fax.f1"),
        ("conference.event.c1.*", "conference.event.add-member.009afc511c97b2ae693c6cc4920988e8.c2.x"),
        ("presence.dialog.*", "update.acme.x"), ("presence.dialog.x", "dialog.acme.y"),
        ("object.*.*", "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.a"),
        ("object.*.*", "fax.status.009afc511c97b2ae693c6cc4920988e8.f1"), ("fax.object.*", "call.a.fax.b"),
    ])
    func leavesOut(_ binding: String, _ routingKey: String) throws {
        #expect(try !EventSelector(Binding(binding)).selects(event(routingKey, subscribedKey: binding)))
    }

    @Test func takesTheWholeFamilyWhereRoutingKeysAreNotKnown() throws {
        let selector = EventSelector(try Binding("qubicle.queue.*.*"))
        #expect(try selector.selects(event("qubicle.queue.a.b", subscribedKey: "qubicle.queue.*.*")))
        #expect(try !selector.selects(event("call.a.b.c")))
    }

    @Test func selectsEventsOnly() throws {
        var batch = EventBatch()
        batch.append(notice: ["action": "gap", "routing_key": "conference.command.c1"])
        #expect(try !EventSelector(Binding("conference.command.c1")).selects(batch[0]))
    }

    /// Each recorded event is selected by the binding that brought it, and by no other of the recording's.
    @Test(arguments: ["v4/events", "v5/events"])
    func selectsWhatKazooSent(_ name: String) throws {
        let transcript = try Transcript(name)
        let bindings = try Set(transcript.exchanges.filter(\.isSuccess).compactMap(\.binding?.string)).map {
            try Binding($0)
        }
        #expect(bindings.count > 5)
        var selected = 0
        for message in transcript.messages where message.value?["action"] == "event" {
            let key = try #require(message.value?["subscribed_key"]?.string)
            let view = try event(try #require(message.value?["routing_key"]?.string))
            for binding in bindings {
                let words = binding.description.split(separator: ".")
                let repeated = words[0] == "presence" ? words.dropFirst().joined(separator: ".") : binding.description
                let isSelected = EventSelector(binding).selects(view)
                if repeated == key {
                    #expect(isSelected, "\(binding) \(view.routingKey ?? "")")
                    selected += 1
                } else if binding.family.name != "object", binding.family.name != "fax" {
                    #expect(!isSelected, "\(binding) \(view.routingKey ?? "")")
                }
            }
        }
        #expect(selected > 15)
    }
}
