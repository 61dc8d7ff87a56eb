/// Events like those that Kazoo sends, every second one of another kind.
enum Sample {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"

    /// The id of an account that none of the events is of, up to 9,000 of them.
    static func otherAccount(_ number: Int) -> String { account.dropLast(4) + "\(1_000 + number)" }

    /// A short one: 354 bytes.
    static func document(_ number: Int) -> String {
        let action = number % 2 == 0 ? "doc_created" : "doc_deleted"
        let database = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8"
        let id = "6d2c8b0e5a4f4b7c9e1d3f5a7b9c1d" + hex(number)
        let head =
            #"{"action":"event","subscribed_key":"object.*.*","subscription_key":"object.*.*","#
            + #""name":"\#(action)","routing_key":"\#(action).\#(database).user.\#(id)","data":{"#
        return padded(
            head, #""id":"\#(id)","type":"user","account_id":"\#(account)","msg_id":"m\#(hex(number))"}}"#, to: 354)
    }

    /// A call's, of 1.9 KB.
    static func call(_ number: Int) -> String {
        let name = number % 2 == 0 ? "CHANNEL_CREATE" : "CHANNEL_DESTROY"
        let id = "MTYzNDU2Nzg5MA%2E%2Ea1b2c3d4%4010%2E26%2E0%2E" + hex(number)
        let head =
            #"{"action":"event","subscribed_key":"call.*.*","subscription_key":"call.\#(account).\#(name).*","#
            + #""name":"\#(name)","routing_key":"call.\#(account).\#(name).\#(id)","data":{"#
        var values = ""
        for key in 0..<28 { values += #""some_key_\#(key)":"sip:1001@acme.sip.example.com:50\#(10 + key)","# }
        return padded(
            head + values,
            #""custom_channel_vars":{"account_id":"\#(account)"},"account_id":"\#(account)","msg_id":"m\#(hex(number))"}}"#,
            to: 1_900)
    }

    private static func padded(_ head: String, _ tail: String, to length: Int) -> String {
        let missing = length - head.utf8.count - tail.utf8.count - #""pad":"","#.utf8.count
        guard missing > 0 else { return head + tail }
        return head + #""pad":"\#(String(repeating: "x", count: missing))","# + tail
    }

    private static func hex(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 2 - digits.count)) + digits
    }
}
