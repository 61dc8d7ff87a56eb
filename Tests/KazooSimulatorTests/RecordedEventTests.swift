import Events
import Testing

@testable import KazooSimulator

/// The story's events look like recorded ones, and recorded ones match as real Kazoo matched them.
@Suite struct RecordedEventTests {
    @Test(arguments: KazooFlavour.allCases) func `recorded events match their subscriptions`(_ flavour: KazooFlavour)
        throws
    {
        let events = try Fixtures.events(flavour)
        #expect(events.count == (flavour == .v4 ? 24 : 22))
        for (name, event) in events {
            let topic = try #require(event["subscription_key"]?.string)
            let key = try #require(event["routing_key"]?.string)
            var topics = TopicSet()
            topics.insert(TopicPattern(topic))
            #expect(topics.matches(of: key) == [TopicPattern(topic)], "\(name)")
        }
    }

    /// Which recorded event a made-up one must look like, by its name and category.
    private static let models = [
        "CHANNEL_CREATE": "call_CHANNEL_CREATE", "CHANNEL_ANSWER": "call_CHANNEL_ANSWER",
        "CHANNEL_BRIDGE": "call_CHANNEL_BRIDGE", "CHANNEL_HOLD": "call_CHANNEL_HOLD",
        "CHANNEL_UNHOLD": "call_CHANNEL_UNHOLD", "CHANNEL_DESTROY": "call_CHANNEL_DESTROY",
        "PARK_PARKED": "call_PARK_PARKED", "PARK_RETRIEVED": "call_PARK_RETRIEVED",
        "PARK_ABANDONED": "call_PARK_ABANDONED", "doc_created": "real_doc_created_0",
        "doc_edited": "real_doc_edited_0", "doc_deleted": "real_doc_deleted_0", "status": "fax_status",
        "dialog_update": "presence_dialog", "mwi_update": "presence_mwi",
    ]

    @Test(arguments: KazooFlavour.allCases) func `the story's events look like recorded ones`(_ flavour: KazooFlavour)
        throws
    {
        // Documents that a real client changed were recorded of 4.x only.
        let recorded = try Fixtures.events(flavour).merging(Fixtures.events(.v4)) { own, _ in own }
        var story = TelephonyStory(accounts: SimulatedAccount.recorded, flavour: flavour, seed: 3)
        var seen: Set<String> = []
        for second in 0..<900 {
            guard let event = story.next(now: 1_795_230_000 + Int64(second)) else { return }
            let model = try #require(Self.models[event.name].flatMap { recorded[$0]?["data"] }, "\(event.name)")
            let data = try JSONValue(parsing: event.data)
            #expect(Self.shape(of: data) == Self.shape(of: model), "\(event.name)")
            #expect(data["event_name"]?.string == event.name)
            #expect(data["app_version"]?.string == flavour.version)
            #expect(data.json == event.data)
            #expect(!SimulatedEvent(routingKey: "", name: "", data: event.data).breaksEncoding)
            seen.insert(event.name)
        }
        #expect(seen == Set(Self.models.keys))
    }

    /// The keys in their order and the kinds of values; variables of applications differ from call to call.
    private static func shape(of value: JSONValue) -> String {
        switch value {
        case .object(let members):
            let parts = members.map { member in
                member.key == "custom_application_vars"
                    ? "\(member.key):{}" : "\(member.key):\(shape(of: member.value))"
            }
            return "{\(parts.joined(separator: ","))}"
        case .array: return "[]"
        case .string: return "s"
        case .number: return "n"
        case .bool: return "b"
        case .null: return "0"
        }
    }
}
