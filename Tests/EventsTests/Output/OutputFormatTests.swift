import TestSupport
import Testing

@testable import Events

@Suite struct OutputFormatTests {
    private static let call = """
        {"action":"event","subscribed_key":"call.*.*","name":"CHANNEL_CREATE","routing_key":"call.a1.CHANNEL_CREATE.x",\
        "data":{"custom_channel_vars":{"account_id":"a1"},"call_direction":"inbound","caller_id_number":"+49301",\
        "callee_id_number":"1001","call_id":"x","msg_id":"m1"}}
        """
    private static let bare = #"{"action":"event","name":"N","routing_key":"k"}"#

    private func text(_ format: EventFormatter, _ batch: EventBatch) -> String {
        var output: [UInt8] = []
        format.append(batch, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func rawIsTheBatchItself() throws {
        let batch = try batch(Self.call, Self.bare)
        #expect(text(EventFormatter(.raw), batch) == Self.call + "\n" + Self.bare + "\n")
    }

    @Test func envelopeAddsWhatTheToolKnows() throws {
        #expect(
            text(EventFormatter(.envelope), try batch(Self.call, Self.bare)) == """
                {"seq":7,"received_at":"2026-11-21T01:47:37.000125Z","id":"m1+call.a1.CHANNEL_CREATE.x",\
                "account_id":"a1","connection":"kazoo-a#1","event":\(Self.call)}
                {"seq":8,"received_at":"2026-11-21T01:47:37.000125Z","id":null,\
                "account_id":null,"connection":"kazoo-a#1","event":\(Self.bare)}

                """)
    }

    @Test func cloudEventsAreStructuredJSON() throws {
        let data =
            #"{"custom_channel_vars":{"account_id":"a1"},"call_direction":"inbound","caller_id_number":"+49301","#
            + #""callee_id_number":"1001","call_id":"x","msg_id":"m1"}"#
        #expect(
            text(EventFormatter(.cloudevents, host: "k.example.com"), try batch(Self.call, Self.bare)) == """
                {"specversion":"1.0","id":"m1+call.a1.CHANNEL_CREATE.x",\
                "source":"kazoo://k.example.com/accounts/a1","type":"com.2600hz.kazoo.call.CHANNEL_CREATE",\
                "time":"2026-11-21T01:47:37.000125Z","subject":"call.a1.CHANNEL_CREATE.x",\
                "datacontenttype":"application/json","data":\(data)}
                {"specversion":"1.0","id":"1795225657000125-8",\
                "source":"kazoo://k.example.com","type":"com.2600hz.kazoo.k.N",\
                "time":"2026-11-21T01:47:37.000125Z","subject":"k",\
                "datacontenttype":"application/json","data":\(Self.bare)}

                """)
    }

    @Test func cloudEventsNameWhatIsNoEvent() throws {
        var batch = try batch([[UInt8]]())
        Array("x".utf8).withUnsafeBytes { batch.append(invalid: $0) }
        batch.append(notice: ["action": "gap", "data": 1])
        let lines = text(EventFormatter(.cloudevents, host: "k"), batch).split(separator: "\n")
        #expect(try JSONValue(parsing: lines[0])["type"] == "com.2600hz.kazoo.invalid")
        #expect(try JSONValue(parsing: lines[0])["data"] == ["action": "invalid", "raw_base64": "eA=="])
        #expect(try JSONValue(parsing: lines[1])["type"] == "com.2600hz.kazoo.gap")
    }

    @Test(arguments: [OutputFormat.raw, .envelope, .cloudevents])
    func everyRecordingBecomesOneLineOfJSON(_ format: OutputFormat) throws {
        let events = try Recordings.events().map(\.bytes)
        let lines = text(EventFormatter(format, host: #"a"b"#), try batch(events)).split(separator: "\n")
        #expect(lines.count == events.count)
        for (line, event) in zip(lines, events) {
            let value = try JSONValue(parsing: line)
            let original = try event.withUnsafeBytes { try JSONValue(parsing: $0) }
            let view = try batch([event])[0]
            switch format {
            case .envelope:
                #expect(value["event"] == original)
                #expect(value["id"]?.string == view.eventID)
                #expect(value["account_id"]?.string == view.accountID)
            case .cloudevents:
                #expect(value["data"] == original["data"])
                #expect(value["id"]?.string == view.eventID)
                #expect(value["subject"] == original["routing_key"])
                #expect(value["source"]?.string == #"kazoo://a"b"# + (view.accountID.map { "/accounts/" + $0 } ?? ""))
            case .raw, .pretty:
                #expect(value == original)
            }
        }
    }
}
