import Events
import TestSupport
import Testing

@Suite struct EventBatchRestoreTests {
    /// Restores the lines of a batch one by one.
    private func restored(_ batch: EventBatch) -> EventBatch {
        var copy = EventBatch()
        for view in batch {
            let isTaken = Array(view.json).withUnsafeBytes {
                copy.append(
                    kept: $0, kind: view.kind, sequence: view.sequence, receivedAt: view.receivedAt,
                    connection: view.connection)
            }
            #expect(isTaken)
        }
        return copy
    }

    @Test func `recorded events come back as they were`() throws {
        var batch = EventBatch(receivedAt: Timestamp(microseconds: 5), connection: "a", firstSequence: 40)
        for (_, event) in try Recordings.events() {
            try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        let copy = restored(batch)
        #expect(copy.count > 10)
        #expect(copy.bytes == batch.bytes)
        #expect(copy.lines == batch.lines)
        #expect(copy.firstSequence == 40)
        #expect(copy.nextSequence == batch.nextSequence)
        #expect(copy.map(\.eventID) == batch.map(\.eventID))
    }

    @Test func `numbers with holes, moments and connections are kept`() throws {
        var batch = EventBatch()
        let moments: [(UInt64, Int64, String)] = [(7, 1, "a"), (8, 1, "a"), (11, 2, "a"), (12, 2, "b"), (90, 1, "a")]
        for (sequence, moment, connection) in moments {
            let isTaken = Array(#"{"n":\#(sequence)}"#.utf8).withUnsafeBytes {
                batch.append(
                    kept: $0, kind: .event, sequence: sequence, receivedAt: Timestamp(microseconds: moment),
                    connection: connection)
            }
            #expect(isTaken)
        }
        #expect(batch.map(\.sequence) == [7, 8, 11, 12, 90])
        #expect(batch.map(\.receivedAt.microseconds) == [1, 1, 2, 2, 1])
        #expect(batch.map(\.connection) == ["a", "a", "a", "b", "a"])
        #expect(batch.nextSequence == 91)
        #expect(batch.slice(2..<4).map(\.sequence) == [11, 12])
        #expect(restored(batch).lines == batch.lines)
    }

    @Test func `kinds are kept, and what is no JSON any more is invalid`() throws {
        var batch = EventBatch()
        batch.append(notice: ["action": "gap"])
        [0xFF, 0x00].withUnsafeBytes { batch.append(invalid: $0) }
        #expect(restored(batch).map(\.kind) == [.notice, .invalid])
        #expect(restored(batch).bytes == batch.bytes)

        var damaged = EventBatch()
        let isTaken = Array(#"{"n":"#.utf8).withUnsafeBytes {
            damaged.append(
                kept: $0, kind: .event, sequence: 3, receivedAt: Timestamp(microseconds: 1), connection: "")
        }
        #expect(isTaken)
        #expect(damaged.map(\.kind) == [.invalid])
        #expect(
            String(decoding: damaged.bytes, as: UTF8.self) == #"{"action":"invalid","raw_base64":"eyJuIjo="}"# + "\n")
    }

    @Test func `a number that is too far away begins another batch`() {
        var batch = EventBatch()
        func append(_ sequence: UInt64) -> Bool {
            Array("{}".utf8).withUnsafeBytes {
                batch.append(
                    kept: $0, kind: .event, sequence: sequence, receivedAt: Timestamp(microseconds: 1), connection: "")
            }
        }
        #expect(append(1))
        #expect(append(UInt64(UInt32.max)))
        #expect(!append(UInt64(UInt32.max) + 1))
        #expect(batch.map(\.sequence) == [1, UInt64(UInt32.max)])
    }
}
