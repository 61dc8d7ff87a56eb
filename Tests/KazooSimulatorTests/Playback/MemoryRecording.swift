@testable import KazooSimulator

/// A recording that a test has written.
struct MemoryRecording: RecordedBytes {
    /// Why a recording cannot be read any more.
    struct Unreadable: Error, Equatable {}

    var bytes: [UInt8]
    /// From this offset on it cannot be read.
    var readable = Int.max

    init(_ lines: String...) { self.init(lines) }

    init(_ lines: [String]) { bytes = Array(lines.map { $0 + "\n" }.joined().utf8) }

    var count: Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        guard offset < readable else { throw Unreadable() }
        let part = bytes[offset..<min(offset + buffer.count, bytes.count, readable)]
        buffer.copyBytes(from: part)
        return part.count
    }

    /// An event as `--output envelope` prints it.
    ///
    /// - Parameter time: when it was received, in seconds after a certain moment.
    static func envelope(_ event: String, at time: String) -> String {
        #"{"seq":1,"received_at":"2026-11-21T01:47:\#(time)Z","id":null,"account_id":null,"connection":null,"event":\#(event)}"#
    }

    /// An event as it comes.
    static func event(_ routingKey: String, name: String = "N", data: String = #"{"msg_id":"m"}"#) -> String {
        #"{"action":"event","subscribed_key":"s","subscription_key":"t","name":"\#(name)","#
            + #""routing_key":"\#(routingKey)","data":\#(data)}"#
    }
}
