@testable import WebSocket

/// A frame as a server sends it, right or wrong, built without the code under test.
func serverFrame(
    _ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true, reserved: UInt8 = 0
) -> [UInt8] {
    var frame = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
    switch payload.count {
    case ...125: frame.append(UInt8(payload.count))
    case ...65535: frame += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: frame += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    return frame + payload
}

func serverText(_ text: String, isFinal: Bool = true) -> [UInt8] {
    serverFrame(0x1, Array(text.utf8), isFinal: isFinal)
}

func serverClose(_ code: UInt16, _ reason: String = "") -> [UInt8] {
    serverFrame(0x8, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
}

/// A small frame as a client sends it, masked with the key of RFC 6455's examples.
func clientFrame(_ opcode: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    precondition(payload.count <= 125)
    return [0x80 | opcode, 0x80 | UInt8(payload.count)] + key
        + payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
}

func clientClose(_ code: UInt16, _ reason: String = "") -> [UInt8] {
    clientFrame(0x8, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
}
