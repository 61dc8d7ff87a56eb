import TestSupport
import Testing

@testable import Events

/// Everything that real Kazoo has sent goes through the scanner and a batch unharmed.
@Suite struct RecordedEventsTests {
    @Test func everyRecordedEventIsLocatedAndKept() throws {
        let recordings = try Recordings.events()
        #expect(recordings.count > 40)
        for (name, event) in recordings {
            try expectKept(event, Comment(rawValue: name))
        }
    }

    @Test func everyEventInTheTranscriptsIsLocatedAndKept() throws {
        let events = try Recordings.serverTexts().filter { $0.starts(with: #"{"action":"event","#.utf8) }
        #expect(events.count > 100)
        for event in events {
            try expectKept(event, Comment(rawValue: String(decoding: event, as: UTF8.self)))
        }
    }

    @Test func everyTextOfAServerIsJSON() throws {
        for text in try Recordings.serverTexts() {
            #expect(try scan(text).action != nil)
        }
    }

    private func expectKept(_ event: [UInt8], _ comment: Comment) throws {
        let batch = try batch([event])
        #expect(batch.bytes == event + [UInt8(ascii: "\n")], comment)
        let line = batch.lines[0]
        let value = try event.withUnsafeBytes { try JSONValue(parsing: $0) }
        func parsed(_ range: Range<Int>?) throws -> JSONValue {
            try event[#require(range)].withUnsafeBytes { try JSONValue(parsing: $0) }
        }
        #expect(try parsed(line.name) == value["name"], comment)
        #expect(try parsed(line.routingKey) == value["routing_key"], comment)
        #expect(try parsed(line.subscribedKey) == value["subscribed_key"], comment)
        #expect(try parsed(line.data) == value["data"], comment)
        #expect(batch[0].messageID == value["data"]?["msg_id"]?.string, comment)
        let account = value["data"]?["account_id"] ?? value["data"]?["custom_channel_vars"]?["account_id"]
        #expect(batch[0].accountID == account?.string, comment)
        #expect(batch[0].family != .unknown, comment)
    }
}
