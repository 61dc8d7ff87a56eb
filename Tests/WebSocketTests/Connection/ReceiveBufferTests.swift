import Testing

@testable import WebSocket

@Suite struct ReceiveBufferTests {
    private func fill(_ buffer: inout ReceiveBuffer, _ bytes: [UInt8]) {
        buffer.fill(atLeast: bytes.count) { space in
            space.copyBytes(from: bytes)
            return bytes.count
        }
    }

    @Test func offersAtLeastTheSpaceAskedFor() {
        var buffer = ReceiveBuffer()
        for count in [1, 100, 65_536, 3] {
            buffer.fill(atLeast: count) { space in
                #expect(space.count >= count)
                return count
            }
        }
        #expect(buffer.unread.count == 65_640)
    }

    @Test func keepsWhatIsUnreadWhenItMoves() {
        var buffer = ReceiveBuffer(capacity: 8)
        fill(&buffer, [1, 2, 3, 4, 5, 6])
        buffer.consume(4)
        fill(&buffer, [7, 8, 9, 10, 11, 12])
        #expect(buffer.capacity == 8)
        #expect(Array(buffer.unread) == [5, 6, 7, 8, 9, 10, 11, 12])
        fill(&buffer, [13])
        #expect(Array(buffer.unread) == [5, 6, 7, 8, 9, 10, 11, 12, 13])
    }

    @Test func joinsFragmentsAcrossMoves() {
        var buffer = ReceiveBuffer(capacity: 8)
        let header = FrameHeader(opcode: .continuation, isFinal: false, headerCount: 2, payloadCount: 3)
        for fragment in [[1, 2, 3], [4, 5, 6], [7, 8, 9]] as [[UInt8]] {
            fill(&buffer, [0, 3] + fragment + [0xAA])
            buffer.assemble(header)
            #expect(Array(buffer.unread) == [0xAA])
            buffer.consume(1)
        }
        #expect(Array(buffer.takeAssembled()) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(buffer.assembledCount == 0)
    }

    @Test func doesNotGrowWhenItIsEmptiedBetweenReads() {
        var buffer = ReceiveBuffer()
        for _ in 0..<100 {
            fill(&buffer, [UInt8](repeating: 0, count: 65_536))
            buffer.consume(65_536)
        }
        #expect(buffer.capacity == 65_536)
    }

    @Test func shrinksAfterAHugeMessage() {
        var buffer = ReceiveBuffer()
        fill(&buffer, [UInt8](repeating: 0, count: 16 * 1024 * 1024))
        buffer.consume(16 * 1024 * 1024 - 1)
        fill(&buffer, [1])
        #expect(buffer.capacity <= ReceiveBuffer.retainedCapacity)
        #expect(Array(buffer.unread) == [0, 1])
    }
}
