import Events
import JournalInC

/// Events about calls, 1.5 KB each.
struct Sample {
    /// How long each event is, in bytes.
    private static let length = 1_500
    private let count: Int
    private let ids: [String]
    /// The events one after the other, each with a newline.
    private let bytes: [UInt8]

    /// - Parameters:
    ///   - first: how many events there are before these.
    ///   - isOrdered: whether their ids come in their order, which no index of them has to pay for.
    init(count: Int, first: Int = 0, isOrdered: Bool = false) {
        var generator = SystemRandomNumberGenerator()
        ids = (first..<(first + count)).map { Self.hexadecimal(isOrdered ? UInt64($0) : generator.next()) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity((Self.length + 1) * count)
        for id in ids { bytes += Self.event(id).utf8 }
        self.count = count
        self.bytes = bytes
    }

    private static func event(_ id: String) -> String {
        let head = """
            {"action":"event","subscribed_key":"call.*.*","subscription_key":"call.CHANNEL_CREATE.*",\
            "name":"CHANNEL_CREATE","routing_key":"\(routingKey(id))","data":{"msg_id":"\(id)\(id)",\
            "custom_channel_vars":{"account_id":"\(account)","owner_id":"3f0b5e0b5a2f4f0f8d5d0c7a3a0e6b11"},\
            "call_id":"\(id)@10.26.0.17","timestamp":63871234567,"fill":"
            """
        return head + String(repeating: "x", count: length - head.utf8.count - 3) + "\"}}\n"
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
                rebasing: $0[(events.lowerBound * (Self.length + 1))..<(events.upperBound * (Self.length + 1))])
        }
    }

    /// The events as they come from the socket.
    func batches(of size: Int) throws -> [EventBatch] {
        try stride(from: 0, to: count, by: size).map { first in
            var batch = EventBatch(receivedAt: Timestamp(microseconds: Int64(first)), connection: "kazoo-a#1")
            batch.reserveCapacity(bytes: size * (Self.length + 1), lines: size)
            for number in first..<min(first + size, count) {
                let event = UnsafeRawBufferPointer(rebasing: text(number..<(number + 1)).dropLast())
                batch.append(event: event, located: try JSONScanner.scan(event))
            }
            return batch
        }
    }

    /// The events as the program in C takes them.
    func withRows<Result>(
        _ body: (UnsafeBufferPointer<journal_in_c_event>) async throws -> Result
    ) async rethrows -> Result {
        // Strings of C stand in one block of the heap, which is there while the body runs.
        let strings = CStrings(
            [Self.account, "call", "CHANNEL_CREATE", "kazoo-a#1"]
                + ids.flatMap { ["\($0)\($0)+\(Self.routingKey($0))", Self.routingKey($0)] })
        let rows = UnsafeMutableBufferPointer<journal_in_c_event>.allocate(capacity: count)
        defer { withExtendedLifetime(strings) { rows.deallocate() } }
        for number in 0..<count {
            let raw = text(number..<(number + 1)).baseAddress?.assumingMemoryBound(to: CChar.self)
            rows.initializeElement(
                at: number,
                to: journal_in_c_event(
                    received_at: Int64(number), id: strings[4 + 2 * number], account: strings[0], family: strings[1],
                    name: strings[2], routing_key: strings[5 + 2 * number], connection: strings[3], raw: raw,
                    raw_length: Self.length))
        }
        return try await body(UnsafeBufferPointer(rows))
    }
}
