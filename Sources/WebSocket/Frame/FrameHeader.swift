/// What stands before a frame's payload (RFC 6455 §5.2), as a client receives it: not masked.
struct FrameHeader: Equatable {
    /// The most bytes that a control frame may carry (RFC 6455 §5.5).
    static let maximumControlPayload = 125

    let opcode: Opcode
    /// Whether this is the last fragment of a message, or the only one.
    let isFinal: Bool
    /// The header's own size in bytes: 2, 4 or 10.
    let headerCount: Int
    /// The size in bytes of the payload that follows.
    let payloadCount: Int

    /// Reads the header of the frame that begins these bytes.
    ///
    /// What the first two bytes alone show to be wrong is found before the rest of the header arrives.
    ///
    /// - Parameter bytes: What has been received from the beginning of the frame, be it less or more than the frame.
    /// - Returns: `nil` while the header is incomplete.
    /// - Throws: The rule that this header breaks, whatever came before it.
    @inline(__always)
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ProtocolViolation) -> FrameHeader? {
        guard bytes.count >= 2 else { return nil }
        let first = bytes[0]
        let second = bytes[1]
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode }
        guard second & 0x80 == 0 else { throw .maskedFrame }
        let isFinal = first & 0x80 != 0
        if opcode.isControl {
            guard isFinal else { throw .fragmentedControlFrame }
            guard second <= maximumControlPayload else { throw .oversizedControlFrame }
        }

        switch second {
        case 126:
            guard bytes.count >= 4 else { return nil }
            let length = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            guard length > 125 else { throw .lengthNotMinimal }
            return FrameHeader(opcode: opcode, isFinal: isFinal, headerCount: 4, payloadCount: Int(length))
        case 127:
            guard bytes.count >= 10 else { return nil }
            let length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            guard length > UInt16.max else { throw .lengthNotMinimal }
            // The most significant bit must be 0 (RFC 6455 §5.2), so that what remains fits a signed integer.
            guard let payloadCount = Int(exactly: length) else { throw .lengthTooLarge }
            return FrameHeader(opcode: opcode, isFinal: isFinal, headerCount: 10, payloadCount: payloadCount)
        default:
            return FrameHeader(opcode: opcode, isFinal: isFinal, headerCount: 2, payloadCount: Int(second))
        }
    }
}
