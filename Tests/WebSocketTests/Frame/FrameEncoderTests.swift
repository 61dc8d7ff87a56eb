import Testing

@testable import WebSocket

@Suite struct FrameEncoderTests {
    private func encode(_ opcode: Opcode, _ payload: [UInt8], key: UInt32 = 0x37FA_213D) -> [UInt8] {
        payload.withUnsafeBytes { FrameEncoder.encode(opcode, payload: $0, maskingKey: key) }
    }

    /// RFC 6455 §5.7.
    @Test func encodesTheExamples() {
        let hello: [UInt8] = [0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(encode(.text, Array("Hello".utf8)) == [0x81, 0x85] + hello)
        #expect(encode(.pong, Array("Hello".utf8)) == [0x8A, 0x85] + hello)
    }

    @Test(
        arguments: [
            (0, [0x82, 0x80]), (125, [0x82, 0xFD]), (126, [0x82, 0xFE, 0, 126]), (65535, [0x82, 0xFE, 0xFF, 0xFF]),
            (65536, [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] as [(Int, [UInt8])])
    func choosesTheShortestLength(_ count: Int, _ header: [UInt8]) {
        let frame = encode(.binary, [UInt8](repeating: 0, count: count), key: 0)
        #expect(Array(frame.prefix(header.count)) == header)
        #expect(frame.count == header.count + 4 + count)
    }

    @Test(arguments: 0..<20)
    func masksEachByteByItsPosition(_ count: Int) {
        let payload = (0..<count).map { UInt8($0 * 7) }
        #expect(encode(.text, payload) == clientFrame(0x1, payload))
    }
}
