import Events
import TestSupport
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(1))) struct JournalTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    /// Everything that a reader gives until it has come to the end.
    private func readAll(_ reader: JournalReader, of journal: Journal, limit: Int = 1 << 20) async -> EventBatch {
        var all = EventBatch()
        var sequence: UInt64 = 0
        while sequence < journal.lastSequence, let batch = await reader.next(limit: limit) {
            if all.isEmpty { all = batch } else { all.join(batch.indices, of: batch) }
            sequence = batch.last?.sequence ?? 0
            reader.acknowledge(through: sequence)
        }
        return all
    }

    @Test func `what is appended is read as it came`() async throws {
        let journal = try await folder.open()
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...3, at: 5, connection: "a"))
        journal.append(try calls(4...4, at: 7, connection: "b"))
        try await journal.flush()
        #expect(journal.lastSequence == 4)
        let batch = try #require(await reader.next(limit: 1 << 20))
        #expect(batch.numbers == [1, 2, 3, 4])
        #expect(batch.map(\.sequence) == [1, 2, 3, 4])
        #expect(batch.map(\.receivedAt.microseconds) == [5, 5, 5, 7])
        #expect(batch.map(\.connection) == ["a", "a", "a", "b"])
        #expect(batch.bytes == (try calls(1...3)).bytes + (try calls(4...4)).bytes)
        await journal.close()
    }

    @Test func `recorded events come back byte for byte, and can be asked for`() async throws {
        let journal = try await folder.open()
        var batch = EventBatch(receivedAt: Timestamp(microseconds: 5), connection: "a")
        for (_, event) in try Recordings.events() {
            try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        batch.append(notice: ["action": "gap"])
        [0xFF, 0x00].withUnsafeBytes { batch.append(invalid: $0) }
        // Some events were recorded twice, by different subscriptions.
        var seen: Set<String> = []
        batch.discard(
            batch.indices.filter { position in batch[position].eventID.map { !seen.insert($0).inserted } ?? false })
        journal.append(batch)
        try await journal.flush()
        let reader = try await journal.reader("archive", from: .beginning)
        let all = await readAll(reader, of: journal)
        #expect(all.count > 10)
        #expect(all.bytes == batch.bytes)
        #expect(all.map(\.kind) == batch.map(\.kind))
        let events = batch.map { $0.kind == .event ? $0 : nil }
        #expect(try folder.texts("SELECT id FROM events ORDER BY sequence") == events.map { $0?.eventID })
        #expect(try folder.texts("SELECT account FROM events ORDER BY sequence") == events.map { $0?.accountID })
        #expect(try folder.texts("SELECT name FROM events ORDER BY sequence") == events.map { $0?.name })
        #expect(try folder.texts("SELECT routing_key FROM events ORDER BY sequence") == events.map { $0?.routingKey })
        #expect(
            try folder.texts("SELECT family FROM events ORDER BY sequence") == events.map { $0?.family.description })
        #expect(
            try folder.texts("SELECT raw ->> '$.data.msg_id' FROM events WHERE kind = 0 ORDER BY sequence")
                == events.compactMap(\.self).map(\.messageID))
        await journal.close()
    }

    @Test func `an event that is there is not added again, whoever brings it`() async throws {
        let first = try await folder.open()
        first.append(try calls(1...3))
        first.append(try calls(3...4))
        try await first.flush()
        #expect(first.counts.appended == 4)
        #expect(first.counts.duplicates == 1)
        await first.close()
        let second = try await folder.open()
        second.append(try calls(2...6, connection: "another"))
        try await second.flush()
        #expect(second.counts.duplicates == 3)
        let reader = try await second.reader("archive", from: .beginning)
        let all = await readAll(reader, of: second)
        #expect(all.numbers == [1, 2, 3, 4, 5, 6])
        #expect(all.map(\.sequence) == [1, 2, 3, 4, 5, 6], "without holes")
        await second.close()
    }

    @Test func `events without an id are never taken for repetitions`() async throws {
        let journal = try await folder.open()
        var batch = EventBatch(receivedAt: Timestamp(microseconds: 5))
        for _ in 1...3 { try batch.append(text: #"{"action":"event","data":{}}"#) }
        journal.append(batch)
        try await journal.flush()
        #expect(journal.counts.appended == 3)
        #expect(journal.counts.duplicates == 0)
        await journal.close()
    }

    @Test func `numbers go on, even when everything is gone`() async throws {
        let first = try await folder.open()
        first.append(try calls(1...5))
        await first.close()
        try Database(path: folder.journal, .readWrite).execute("DELETE FROM events")
        let second = try await folder.open()
        #expect(second.lastSequence == 5)
        second.append(try calls(6...6))
        try await second.flush()
        #expect(try folder.integer("SELECT sequence FROM events") == 6)
        await second.close()
    }

    @Test func `closing commits what was appended`() async throws {
        let journal = try await folder.open()
        for number in 1...100 { journal.append(try calls(number...number)) }
        await journal.close()
        #expect(try folder.integer("SELECT count(*) FROM events") == 100)
        await #expect(throws: JournalError(.closed, path: folder.journal, "it has been closed")) {
            try await journal.flush()
        }
        await journal.close()
    }

    @Test func `whoever waits, waits for all that was appended before`() async throws {
        let settings = JournalConfiguration(path: folder.journal, commitSize: 1000)
        let journal = try await Journal.open(settings) { _ in }
        for number in 1...100 { journal.append(try calls(number...number)) }
        async let position = journal.reader("archive", from: .now)
        try await journal.flush()
        #expect(journal.lastSequence == 100)
        #expect(journal.counts.commits > 10)
        #expect(try await position.lag == 0)
        await journal.close()
    }

    @Test func `a gap is recorded, and told where it is`() async throws {
        let journal = try await folder.open()
        journal.append(try calls(1...2))
        let gap = JournalGap(
            from: Timestamp(microseconds: 1_000_000), to: Timestamp(microseconds: 2_000_000), reason: "connection_lost",
            notice: ["action": "gap", "reason": "connection_lost", "bindings": ["call.*.*"]])
        journal.record(gap)
        journal.append(try calls(3...3))
        try await journal.flush()
        let reader = try await journal.reader("archive", from: .beginning)
        let all = await readAll(reader, of: journal)
        #expect(all.numbers == [1, 2, -1, 3])
        #expect(all.map(\.kind) == [.event, .event, .notice, .event])
        #expect(
            String(decoding: all[2].json, as: UTF8.self)
                == #"{"action":"gap","reason":"connection_lost","bindings":["call.*.*"]}"#)
        #expect(
            try folder.texts("SELECT reason FROM gaps WHERE sequence = 2 AND from_time = 1000000") == [
                "connection_lost"
            ])
        #expect(try folder.texts("SELECT notice ->> '$.bindings[0]' FROM gaps") == ["call.*.*"])
        await journal.close()
    }

    @Test func `one process at a time writes`() async throws {
        let journal = try await folder.open()
        let error = await #expect(throws: JournalError.self) { _ = try await folder.open() }
        #expect(error?.kind == .locked)
        #expect(error?.reason.hasPrefix("another kazoo-subscribe writes it (process ") == true)
        await journal.close()
        await (try folder.open()).close()
    }

    @Test func `nothing is opened that cannot be used`() async throws {
        let error = await #expect(throws: JournalError.self) {
            _ = try await Journal.open(JournalConfiguration(path: "/nowhere/journal.sqlite")) { _ in }
        }
        #expect(error?.kind == .unavailable)
    }

    @Test func `both ways to reach the disk`() async throws {
        for way in [.commit, .interval(.milliseconds(1))] as [JournalConfiguration.Synchronization] {
            let journal = try await folder.open(synchronization: way)
            journal.append(try calls(1...1))
            try await journal.flush()
            #expect(journal.lastSequence == 1)
            await journal.close()
        }
    }
}
