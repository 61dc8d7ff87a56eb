import TestSupport
import Testing

@testable import Events

@Suite struct PrettyFormatTests {
    private func pretty(_ batch: EventBatch, color: Bool = false) -> String {
        var output: [UInt8] = []
        EventFormatter(.pretty, color: color).append(batch, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func showsWhatMatters() throws {
        let events = try [
            "v4/call_CHANNEL_CREATE", "v4/call_CHANNEL_DESTROY", "v4/object_doc_edited_user", "v4/fax_status",
            "v5/conference_event", "v4/presence_dialog", "v4/presence_mwi", "v5/stream_start",
        ].map { try Recordings.event($0) }
        let call = "MTYzNDU2Nzg5"
        #expect(
            pretty(try batch(events)) == """
                01:47:37.000  CHANNEL_CREATE   009afc51  inbound    +4930123456 → 1001          \(call)
                01:47:37.000  CHANNEL_DESTROY  009afc51  inbound    +4930123456 → 1001          \(call)  NORMAL_CLEARING  37 s
                01:47:37.000  doc_edited       009afc51  user       2e9ba14a71b3e306caf5ecd8afeabaf9
                01:47:37.000  status           009afc51  outgoing   Fax Successfuly sent        \
                202110-9d1a5a7e3f0c4a1fb0c0a1b2c3d4e5f6
                01:47:37.000  add-member       009afc51  conf1      1000                        b-leg@10.26.
                01:47:37.000  dialog_update    -         confirmed  1000@acme.sip.example.com   abc
                01:47:37.000  mwi_update       -         2 new      sip:1000@acme.sip.example.com  5 saved
                01:47:37.000  start            009afc51  pivot.stream.start.009afc511c97b2ae693c6cc4920988e8.abc

                """)
    }

    @Test func coloursWhenAskedTo() throws {
        let line = pretty(try batch(#"{"name":"CHANNEL_CREATE","routing_key":"call.a.b.c"}"#), color: true)
        #expect(
            line
                == "\u{1B}[2m01:47:37.000\u{1B}[0m  \u{1B}[32mCHANNEL_CREATE \u{1B}[0m  \u{1B}[2m-       \u{1B}[0m  -\n"
        )
    }

    @Test func showsLinesThatAreNoEvents() throws {
        var batch = try batch([[UInt8]]())
        Array("x\u{1B}".utf8).withUnsafeBytes { batch.append(invalid: $0) }
        batch.append(notice: ["action": "gap", "reason": "reconnected"])
        #expect(
            pretty(batch) == """
                01:47:37.000  invalid          -         {"action":"invalid","raw_base64":"eBs="}
                01:47:37.000  gap              -         {"action":"gap","reason":"reconnected"}

                """)
    }

    /// A caller's name is chosen by a stranger: it must not move the cursor, set the title, or turn the line round.
    @Test(arguments: [
        (#"\u001b[2Jx"#, #"\u{1B}[2Jx"#), (#"\u001b]0;title\u0007"#, #"\u{1B}]0;title\u{7}"#),
        (#"a\r\nb"#, #"a\u{D}\u{A}b"#),
        ("a\u{9B}31mb", #"a\u{9B}31mb"#), ("a\u{7F}b", #"a\u{7F}b"#), ("a\u{202E}b", #"a\u{202E}b"#),
        ("a\u{2066}b", #"a\u{2066}b"#), ("a\u{2028}b", #"a\u{2028}b"#), ("a\u{200B}b", #"a\u{200B}b"#),
        (#"\u0000\b"#, #"\u{0}\u{8}"#), ("Jörg 🎉 日本", "Jörg 🎉 日本"),
    ])
    func obeysNoControlCharacters(_ hostile: String, _ shown: String) throws {
        let fields = ["name", "routing_key"].map { #""\#($0)":"\#(hostile)""# }.joined(separator: ",")
        let data = ["caller_id_number", "callee_id_number", "call_id", "call_direction", "hangup_cause", "account_id"]
            .map { #""\#($0)":"\#(hostile)""# }.joined(separator: ",")
        let call = #"{"name":"\#(hostile)","routing_key":"call.a.b.c","data":{\#(data)}}"#
        let other = "{\(fields)}"
        for event in [call, other] {
            let line = pretty(try batch(event))
            #expect(line.contains(shown))
            let controls = line.dropLast().unicodeScalars.filter {
                [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
            }
            #expect(controls.isEmpty)
        }
    }

    @Test func cutsOverlongValues() throws {
        let line = pretty(try batch(#"{"name":"N","routing_key":"\#(String(repeating: "k", count: 500))"}"#))
        #expect(line.count < 200)
        #expect(line.hasSuffix("…\n"))
    }
}
