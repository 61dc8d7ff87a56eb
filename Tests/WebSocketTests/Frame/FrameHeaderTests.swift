import Testing

@testable import WebSocket

@Suite struct FrameHeaderTests {
    private func parse(_ bytes: [UInt8]) throws -> FrameHeader? {
        try bytes.withUnsafeBytes { try FrameHeader.parse($0) }
    }

    @Test(arguments: [
        (0, 2), (1, 2), (125, 2), (126, 4), (127, 4), (65535, 4), (65536, 10), (16 * 1024 * 1024, 10),
    ])
    func readsEachLengthClass(_ payloadCount: Int, _ headerCount: Int) throws {
        let frame = Array(serverFrame(0x2, [UInt8](repeating: 0, count: payloadCount)).prefix(headerCount))
        let expected = FrameHeader(opcode: .binary, isFinal: true, headerCount: headerCount, payloadCount: payloadCount)
        #expect(try parse(frame) == expected)
        for count in 0..<headerCount {
            #expect(try parse(Array(frame.prefix(count))) == nil)
        }
    }

    @Test(
        arguments: [
            ([0xC1, 0x00], .reservedBits), ([0xA1, 0x00], .reservedBits), ([0x91, 0x00], .reservedBits),
            ([0x83, 0x00], .reservedOpcode), ([0x87, 0x00], .reservedOpcode), ([0x8B, 0x00], .reservedOpcode),
            ([0x8F, 0x00], .reservedOpcode), ([0x81, 0x80], .maskedFrame), ([0x08, 0x00], .fragmentedControlFrame),
            ([0x09, 0x00], .fragmentedControlFrame), ([0x0A, 0x00], .fragmentedControlFrame),
            ([0x89, 126], .oversizedControlFrame), ([0x88, 127], .oversizedControlFrame),
            ([0x81, 126, 0, 125], .lengthNotMinimal), ([0x81, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .lengthNotMinimal),
            ([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0], .lengthNotMinimal),
            ([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], .lengthTooLarge),
            ([0x82, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .lengthTooLarge),
        ] as [([UInt8], ProtocolViolation)])
    func refuses(_ bytes: [UInt8], _ violation: ProtocolViolation) {
        #expect(throws: violation) { try parse(bytes) }
    }

    @Test func readsTheLargestLength() throws {
        let header = try parse([0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(header?.payloadCount == Int.max)
    }
}
