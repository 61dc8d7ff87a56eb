import TestSupport
import Testing

@testable import Events

/// Batches cut out of others, and put together.
@Suite struct EventBatchPartsTests {
    /// What the index says is what a scanner finds in the same text.
    private func expectSound(_ batch: EventBatch) throws {
        for event in batch {
            let scanned = try EventsTests.batch([Array(event.json)])[0]
            #expect(event.name == scanned.name)
            #expect(event.routingKey == scanned.routingKey)
            #expect(event.subscribedKey == scanned.subscribedKey)
            #expect(event.eventID == scanned.eventID)
            #expect(event.fingerprint == scanned.fingerprint)
            #expect(event.line.data?.count == scanned.line.data?.count)
        }
        #expect(batch.bytes == batch.flatMap { Array($0.json) + [0x0A] })
    }

    @Test(arguments: [[], [0], [3], [0, 1, 2], [1, 2, 40], [0, 17, 18, 30]])
    func selectsLines(_ positions: [Int]) throws {
        let batch = try batch(Recordings.events().map(\.bytes))
        let part = batch.select(positions)
        #expect(part.map { Array($0.json) } == positions.map { Array(batch[$0].json) })
        #expect(part.map(\.sequence) == positions.map { batch[$0].sequence })
        #expect(part.connection == batch.connection && part.receivedAt == batch.receivedAt)
        try expectSound(part)
    }

    @Test func selectingEverythingCopiesNothing() throws {
        let batch = try batch(Recordings.events().map(\.bytes))
        let part = batch.select(Array(batch.indices))
        #expect(part.bytes.withUnsafeBytes { $0.baseAddress } == batch.bytes.withUnsafeBytes { $0.baseAddress })
    }

    @Test func joinedLinesKeepWhatTheyAre() throws {
        let events = try Recordings.events().map(\.bytes)
        func part(_ range: Range<Int>, at time: Int64, from connection: String) throws -> EventBatch {
            try batch(
                Array(events[range]), receivedAt: Timestamp(microseconds: time), connection: connection,
                firstSequence: UInt64(range.lowerBound))
        }
        var whole = try part(0..<3, at: 1, from: "a")
        try whole.join(0..<2, of: part(3..<5, at: 1, from: "a"))
        try whole.join(1..<3, of: part(10..<14, at: 2, from: "b"))
        try whole.join(0..<0, of: part(20..<21, at: 3, from: "c"))
        try whole.join(0..<1, of: part(30..<31, at: 2, from: "b"))
        try whole.join(0..<1, of: part(31..<32, at: 1, from: "a"))
        let numbers = [0, 1, 2, 3, 4, 11, 12, 30, 31]
        #expect(whole.map { Array($0.json) } == numbers.map { events[$0] })
        #expect(whole.map(\.sequence) == numbers.map(UInt64.init))
        #expect(whole.map(\.receivedAt.microseconds) == [1, 1, 1, 1, 1, 2, 2, 2, 1])
        #expect(whole.map(\.connection) == ["a", "a", "a", "a", "a", "b", "b", "b", "a"])
        #expect(whole.nextSequence == 32)
        try expectSound(whole)
        // And so do those that are cut out of it again.
        let end = whole.slice(5..<9)
        #expect(end.map(\.connection) == ["b", "b", "b", "a"])
        #expect(end.map(\.sequence) == [11, 12, 30, 31])
        try expectSound(end)
        whole.keep { $0.connection == "b" }
        #expect(whole.map(\.sequence) == [11, 12, 30])
        whole.removeAll()
        whole.append(notice: [:])
        #expect(whole.map(\.connection) == ["a"])
        #expect(whole.map(\.sequence) == [32])
    }

    @Test func onlyLaterBatchesAreJoinable() throws {
        let (first, second) = try (batch([[0x7B, 0x7D]], firstSequence: 5), batch([[0x7B, 0x7D]], firstSequence: 6))
        #expect(first.isJoinable(with: second))
        #expect(!second.isJoinable(with: first))
        let far = try batch([[0x7B, 0x7D]], firstSequence: 1 << 33)
        #expect(!first.isJoinable(with: far), "the numbers are too far apart for the index")
        var joined = try batch([[0x7B, 0x7D]], connection: "b", firstSequence: 7)
        joined.join(0..<1, of: try batch([[0x7B, 0x7D]], connection: "c", firstSequence: 8))
        #expect(!first.isJoinable(with: joined))
    }

    @Test func memoryIsWhatIsReserved() throws {
        var batch = try batch([[0x7B, 0x7D]])
        #expect(batch.memory >= batch.memory(of: 0..<1))
        #expect(batch.memory(of: 0..<1) > 50)
        batch.reserveCapacity(bytes: 100_000, lines: 1)
        #expect(batch.memory > 100_000)
        let compact = batch.compact
        #expect(compact.memory < 1_000)
        #expect(compact.bytes == batch.bytes && compact.lines == batch.lines && compact.map(\.sequence) == [7])
        let again = compact.compact
        #expect(again.bytes.withUnsafeBytes { $0.baseAddress } == compact.bytes.withUnsafeBytes { $0.baseAddress })
    }
}
