import WebSocket

/// A connection on which the same events arrive again and again, as Kazoo frames them, in reads of 64 KiB.
struct FrameSource: ~Copyable {
    private static let readSize = 64 << 10

    private var connection = Connection(now: .now)
    private let bytes: [UInt8]
    private var position = 0

    init(events: [[UInt8]]) {
        bytes = events.flatMap { event in
            precondition((126...65_535).contains(event.count), "an event has a frame's header of four bytes")
            return [0x81, 126, UInt8(event.count >> 8), UInt8(event.count & 0xFF)] + event
        }
    }

    /// Makes one read, and hands over its messages.
    mutating func receive(_ onMessage: (UnsafeRawBufferPointer) -> Void) {
        let part = bytes[position..<min(position + Self.readSize, bytes.count)]
        position = part.endIndex == bytes.count ? 0 : part.endIndex
        connection.withReceiveSpace(atLeast: Self.readSize) { space in
            part.withUnsafeBytes { space.copyMemory(from: $0) }
            return part.count
        }
        let actions = connection.process(now: .now) { _, payload in onMessage(payload) }
        precondition(actions.isEmpty, "the frames are valid")
    }
}
