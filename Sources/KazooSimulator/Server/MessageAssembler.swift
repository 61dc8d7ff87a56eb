/// Puts a client's WebSocket frames together and finds what breaks the protocol (RFC 6455), as Kazoo's server does.
struct MessageAssembler: Sendable {
    /// What of a frame matters here.
    struct Frame: Equatable, Sendable {
        var opcode: UInt8
        var isFinal = true
        /// The three bits that no extension of Kazoo's uses.
        var hasReservedBits = false
        var isMasked = true
        var payload: [UInt8] = []
    }

    /// What a frame led to.
    enum Outcome: Equatable, Sendable {
        case nothing
        /// A whole text message.
        case text([UInt8])
        /// Answer with a pong that carries this.
        case pong([UInt8])
        /// The client closes; answer with a close frame of this code, or an empty one.
        case closed(UInt16?)
        /// The client broke the protocol: close with this code.
        case violation(UInt16)
    }

    private var message: [UInt8] = []
    /// The opcode of the message in progress.
    private var opcode: UInt8?

    mutating func receive(_ frame: Frame) -> Outcome {
        guard frame.isMasked, !frame.hasReservedBits else { return .violation(1002) }
        if frame.opcode >= 8 { return control(frame) }
        switch (frame.opcode, opcode) {
        case (0, .some): message += frame.payload
        case (1, nil), (2, nil):
            opcode = frame.opcode
            message = frame.payload
        default: return .violation(1002)
        }
        guard frame.isFinal else { return .nothing }
        defer {
            opcode = nil
            message = []
        }
        // Kazoo ignores binary messages.
        guard opcode == 1 else { return .nothing }
        guard String(validating: message, as: UTF8.self) != nil else { return .violation(1007) }
        return .text(message)
    }

    private func control(_ frame: Frame) -> Outcome {
        guard frame.isFinal, frame.payload.count <= 125 else { return .violation(1002) }
        switch frame.opcode {
        case 8:
            if frame.payload.isEmpty { return .closed(nil) }
            guard frame.payload.count >= 2 else { return .violation(1002) }
            let code = UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1])
            return Self.mayBeSent(code) ? .closed(code) : .violation(1002)
        case 9: return .pong(frame.payload)
        case 10: return .nothing
        default: return .violation(1002)
        }
    }

    /// RFC 6455 section 7.4: the codes that may stand in a close frame.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1011, 3000...4999: true
        default: false
        }
    }
}
