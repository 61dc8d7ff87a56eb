import Events
import JournalInC

/// Events about calls, 1.5 KB each, with ids that come in no order.
struct Sample {
    /// How long each event is, in bytes.
    let length: Int
    private let count: Int
    /// The events one after the other, each with a newline.
    private let bytes: [UInt8]

    init(count: Int) {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for number in 0..<count {
            bytes += Self.event(number, id: Self.hexadecimal(generator.next())).utf8
            if number == 0 { bytes.reserveCapacity(bytes.count * count) }
        }
        length = bytes.count / count - 1
        self.count = count
        self.bytes = bytes
    }

    /// All of one length.
    private static func event(_ number: Int, id: String) -> String {
        let head = """
            {"action":"event","subscribed_key":"call.*.*","subscription_key":"call.CHANNEL_CREATE.*",\
            "name":"CHANNEL_CREATE","routing_key":"\(routingKey(id))","data":{"msg_id":"\(id)\(id)",\
            "custom_channel_vars":{"account_id":"\(account)","owner_id":"3f0b5e0b5a2f4f0f8d5d0c7a3a0e6b11"},\
            "call_id":"\(id)@10.26.0.17","timestamp":63871234567,"fill":"
            """
        return head + String(repeating: "x", count: 1_500 - head.utf8.count - 3) + "\"}}\n"
    }

    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static func routingKey(_ id: String) -> String { "call.CHANNEL_CREATE.\(id)%4010%2E26%2E0%2E17" }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The text of neighbouring events, where it stands.
    func text(_ events: Range<Int>) -> UnsafeRawBufferPointer {
        bytes.withUnsafeBytes {
            UnsafeRawBufferPointer(
                rebasing: $0[(events.lowerBound * (length + 1))..<(events.upperBound * (length + 1))])
        }
    }

    /// The events as they come from the socket.
    func batches(of size: Int) throws -> [EventBatch] {
        try stride(from: 0, to: count, by: size).map { first in
            var batch = EventBatch(receivedAt: Timestamp(microseconds: Int64(first)), connection: "kazoo-a#1")
            batch.reserveCapacity(bytes: size * (length + 1), lines: size)
            for number in first..<min(first + size, count) {
                let event = UnsafeRawBufferPointer(rebasing: text(number..<(number + 1)).dropLast())
                batch.append(event: event, located: try JSONScanner.scan(event))
            }
            return batch
        }
    }

    /// The events as the program in C takes them.
    func withRows<Result>(_ body: (UnsafeBufferPointer<journal_in_c_event>) -> Result) -> Result {
        // Zero bytes end the strings of C; all of them stand in one block that is there while the body runs.
        var strings: [UInt8] = []
        var offsets: [(id: Int, routingKey: Int)] = []
        for number in 0..<count {
            let event = String(decoding: text(number..<(number + 1)).dropFirst(0).prefix(400), as: UTF8.self)
            let id = event.split(separator: "\"msg_id\":\"")[1].prefix(32)
            let key = Self.routingKey(String(id.prefix(16)))
            offsets.append((strings.count, strings.count + id.utf8.count + 1 + key.utf8.count + 1))
            strings += "\(id)+\(key)".utf8 + [0] + key.utf8 + [0]
        }
        let fixed = [Self.account, "call", "CHANNEL_CREATE", "kazoo-a#1"].map { Array($0.utf8CString) }
        return strings.withUnsafeBytes { strings in
            fixed[0].withUnsafeBufferPointer { account in
                fixed[1].withUnsafeBufferPointer { family in
                    fixed[2].withUnsafeBufferPointer { name in
                        fixed[3].withUnsafeBufferPointer { connection in
                            let rows = offsets.indices.map { number in
                                let row = text(number..<(number + 1))
                                func string(_ offset: Int) -> UnsafePointer<CChar>? {
                                    strings.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) }
                                }
                                return journal_in_c_event(
                                    received_at: Int64(number), id: string(offsets[number].id),
                                    account: account.baseAddress, family: family.baseAddress, name: name.baseAddress,
                                    routing_key: string(offsets[number].routingKey), connection: connection.baseAddress,
                                    raw: row.baseAddress?.assumingMemoryBound(to: CChar.self), raw_length: length)
                            }
                            return rows.withUnsafeBufferPointer(body)
                        }
                    }
                }
            }
        }
    }
}
