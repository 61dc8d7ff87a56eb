/// Writes frames as a client must send them: final, and masked (RFC 6455 §5.3).
enum FrameEncoder {
    /// Encodes one frame that is a whole message or a control frame.
    ///
    /// - Parameters:
    ///   - opcode: What the frame is.
    ///   - payload: What it carries; at most 125 bytes in a control frame.
    ///   - maskingKey: Its four bytes, most significant first, are the masking key.
    /// - Returns: The bytes for the wire.
    static func encode(_ opcode: Opcode, payload: UnsafeRawBufferPointer, maskingKey: UInt32) -> [UInt8] {
        precondition(
            !opcode.isControl || payload.count <= FrameHeader.maximumControlPayload,
            "a control frame carries at most 125 bytes")
        let lengthCount = payload.count <= 125 ? 0 : payload.count <= UInt16.max ? 2 : 8
        let payloadStart = 2 + lengthCount + 4
        return [UInt8](unsafeUninitializedCapacity: payloadStart + payload.count) { buffer, initializedCount in
            let frame = UnsafeMutableRawBufferPointer(buffer)
            frame[0] = 0x80 | opcode.rawValue
            switch lengthCount {
            case 0:
                frame[1] = 0x80 | UInt8(payload.count)
            case 2:
                frame[1] = 0x80 | 126
                frame.storeBytes(of: UInt16(payload.count).bigEndian, toByteOffset: 2, as: UInt16.self)
            default:
                frame[1] = 0x80 | 127
                frame.storeBytes(of: UInt64(payload.count).bigEndian, toByteOffset: 2, as: UInt64.self)
            }
            frame.storeBytes(of: maskingKey.bigEndian, toByteOffset: payloadStart - 4, as: UInt32.self)
            mask(payload, with: maskingKey, into: UnsafeMutableRawBufferPointer(rebasing: frame[payloadStart...]))
            initializedCount = payloadStart + payload.count
        }
    }

    /// Copies the payload, each byte combined with the key's byte of the same position modulo four.
    private static func mask(
        _ payload: UnsafeRawBufferPointer, with key: UInt32, into target: UnsafeMutableRawBufferPointer
    ) {
        let keyTwice = (UInt64(key) << 32 | UInt64(key)).bigEndian
        var offset = 0
        while payload.count - offset >= 8 {
            let word = payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            target.storeBytes(of: word ^ keyTwice, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < payload.count {
            target[offset] = payload[offset] ^ UInt8(truncatingIfNeeded: key >> (24 - 8 * (offset & 3)))
            offset += 1
        }
    }
}
