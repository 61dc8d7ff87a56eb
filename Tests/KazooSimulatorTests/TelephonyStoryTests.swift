import Events
import Testing

@testable import KazooSimulator

@Suite struct TelephonyStoryTests {
    private func events(_ count: Int, seed: UInt64 = 7) -> [SimulatedEvent] {
        var story = TelephonyStory(accounts: SimulatedAccount.recorded, flavour: .v4, seed: seed)
        return (0..<count).compactMap { story.next(now: 1_795_230_000 + Int64($0)) }
    }

    @Test func `the same seed tells the same story`() {
        #expect(events(100) == events(100))
        #expect(events(50) != events(50, seed: 8))
    }

    @Test func `calls are consistent from beginning to end`() throws {
        var names: [String: [String]] = [:]
        var facts: [String: Set<String>] = [:]
        for event in events(900) where event.routingKey.hasPrefix("call.") {
            let data = try JSONValue(parsing: event.data)
            let callID = try #require(data["call_id"]?.string)
            names[callID, default: []].append(event.name)
            let account = data["custom_channel_vars"]?["account_id"]?.string ?? ""
            facts[callID, default: []].insert(
                "\(account) \(data["caller_id_name"]?.json ?? "") \(data["to"]?.json ?? "")")
            #expect(event.routingKey == "call.\(account).\(event.name).\(RoutingKey.encode(callID))")
        }
        #expect(names.count > 80)
        #expect(names.values.allSatisfy { $0.first == "CHANNEL_CREATE" })
        let ended = names.values.filter { $0.contains("CHANNEL_DESTROY") }
        #expect(ended.count > names.count - 20)
        #expect(ended.allSatisfy { $0.last == "CHANNEL_DESTROY" && $0.count { $0 == "CHANNEL_DESTROY" } == 1 })
        #expect(facts.values.allSatisfy { $0.count == 1 })
    }

    @Test func `the durations are those between the time stamps`() throws {
        var created: [String: Int] = [:]
        for event in events(400) where event.routingKey.hasPrefix("call.") {
            let data = try JSONValue(parsing: event.data)
            let callID = try #require(data["call_id"]?.string)
            let time = try #require(data["timestamp"]?.int)
            if event.name == "CHANNEL_CREATE", data["call_direction"] == "inbound" { created[callID] = time }
            if event.name == "CHANNEL_DESTROY", let begin = created[callID] {
                #expect(data["duration_seconds"]?.int == time - begin)
                let billed = data["billing_seconds"]?.int ?? 0
                #expect((data["ringing_seconds"]?.int ?? 0) + billed == time - begin)
            }
        }
    }

    @Test func `every event is published once`() throws {
        let identities = try events(600).map { event in
            "\(try JSONValue(parsing: event.data)["msg_id"]?.json ?? "") \(event.routingKey)"
        }
        #expect(Set(identities).count == identities.count)
    }

    @Test func `descendants have events of their own`() {
        let accounts = Set(events(200).compactMap { TopicPattern.words(of: $0.routingKey).dropFirst().first })
        #expect(accounts.isSuperset(of: SimulatedAccount.recorded.map(\.id)))
    }

    @Test func `there are names beyond ASCII`() {
        #expect(events(200).contains { $0.data.utf8.contains { $0 >= 0x80 } })
    }
}
