import NIOCore

/// The frames that a server sends (RFC 6455 section 5.2): unmasked and never fragmented.
enum ServerFrame {
    /// Appends a text message, given in two parts.
    static func appendText(_ head: String, _ tail: String = "", to buffer: inout ByteBuffer) {
        appendHeader(opcode: 1, count: head.utf8.count + tail.utf8.count, to: &buffer)
        buffer.writeString(head)
        buffer.writeString(tail)
    }

    /// Appends a pong.
    static func appendPong(_ payload: [UInt8], to buffer: inout ByteBuffer) {
        appendHeader(opcode: 10, count: payload.count, to: &buffer)
        buffer.writeBytes(payload)
    }

    /// Appends a close frame; without a code it is empty. Kazoo never gives a reason.
    static func appendClose(_ code: UInt16?, to buffer: inout ByteBuffer) {
        appendHeader(opcode: 8, count: code == nil ? 0 : 2, to: &buffer)
        if let code { buffer.writeInteger(code) }
    }

    private static func appendHeader(opcode: UInt8, count: Int, to buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | opcode)
        switch count {
        case ..<126: buffer.writeInteger(UInt8(count))
        case ..<65536:
            buffer.writeInteger(126 as UInt8)
            buffer.writeInteger(UInt16(count))
        default:
            buffer.writeInteger(127 as UInt8)
            buffer.writeInteger(UInt64(count))
        }
    }
}
