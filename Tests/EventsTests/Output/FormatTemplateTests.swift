import Testing

@testable import Events

@Suite struct FormatTemplateTests {
    private static let event = """
        {"action":"event","subscribed_key":"call.*.*","name":"CHANNEL_CREATE","routing_key":"call.a1.CHANNEL_CREATE.x",\
        "data":{"account_id":"a1","call_id":"x","msg_id":"m1","esc":"a\\tb\\u00e9","list":[1,{"k":null}],"n":-1.50}}
        """

    private func fill(_ template: String, _ event: String = event) throws -> String {
        var output: [UInt8] = []
        EventFormatter(template: try FormatTemplate(template)).append(try batch(event), to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        ("", ""), ("plain é", "plain é"), ("{name}", "CHANNEL_CREATE"), ("{seq}|{connection}", "7|kazoo-a#1"),
        (#"{received_at} {name} {data.call_id}\n"#, "2026-11-21T01:47:37.000125Z CHANNEL_CREATE x\n"),
        ("{id}", "m1+call.a1.CHANNEL_CREATE.x"), ("{account_id}", "a1"), ("{family}", "call"), ("{action}", "event"),
        ("{routing_key} {subscribed_key}", "call.a1.CHANNEL_CREATE.x call.*.*"), ("{data.esc}", "a\tbé"),
        ("{data.list}", #"[1,{"k":null}]"#), ("{data.list.1.k}", "null"), ("{data.n}", "-1.50"),
        ("[{data.missing}]", "[]"),
        ("{{{name}}}", "{CHANNEL_CREATE}"), ("{{name}}", "{name}"), (#"\t\r\\\0\e"#, "\t\r\\\u{0}\u{1B}"),
    ])
    func fills(_ template: String, _ text: String) throws {
        #expect(try fill(template) == text)
    }

    @Test func leavesOutWhatAnEventLacks() throws {
        #expect(try fill("{id}{account_id}{name}{routing_key}{subscribed_key}{data}{data.x}{action}.", "{}") == ".")
    }

    @Test(arguments: [
        ("{nmae}", 1, "did you mean {name}?"), ("ab{data.}", 3, "there is no placeholder {data.}"),
        ("{}", 1, "there is no placeholder {}"), ("x{name", 2, "write } after it"), ("a}b", 2, "write }} for a brace"),
        (#"é\x"#, 2, "is no escape"), (#"a\"#, 2, "a backslash at the end"), ("{name}{wat.ever}", 7, "data.call_id"),
    ])
    func saysWhatIsWrongAndWhere(_ template: String, _ column: Int, _ message: String) {
        #expect { try FormatTemplate(template) } throws: { error in
            let error = error as? FormatTemplateError
            return error?.column == column && error?.message.contains(message) == true
        }
    }
}
