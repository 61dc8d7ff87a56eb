import Events
import Testing

@testable import Journal

/// What people ask a journal with `sqlite3`; the README shows these.
@Suite(.timeLimit(.minutes(1))) struct QuestionsTests {
    private let folder: JournalFolder

    private static let callsPerHour = """
        SELECT strftime('%Y-%m-%d %H:00', received_at / 1000000, 'unixepoch') AS hour, count(*) AS calls
        FROM events
        WHERE name = 'CHANNEL_CREATE' AND received_at >= unixepoch('now', '-1 day') * 1000000
        GROUP BY hour
        """
    private static let newUsers = """
        SELECT datetime(received_at / 1000000, 'unixepoch') AS created, account, raw ->> '$.data.id' AS user
        FROM events
        WHERE name = 'doc_created' AND raw ->> '$.data.type' = 'user'
            AND received_at >= unixepoch('now', 'start of day', '-1 day') * 1000000
            AND received_at < unixepoch('now', 'start of day') * 1000000
        """
    private static let failedDeliveries = """
        SELECT consumer, count(*) AS events, max(datetime(time / 1000000, 'unixepoch')) AS last, reason
        FROM dead_letters GROUP BY consumer, reason ORDER BY events DESC
        """

    init() throws { folder = try JournalFolder() }

    private func rows(_ query: String) throws -> [[String?]] {
        let statement = try Database(path: folder.journal, .readOnly).prepare(query)
        var rows: [[String?]] = []
        while try statement.step() { rows.append((0..<3).map { statement.text(at: $0) }) }
        return rows
    }

    @Test func `they are answered`() async throws {
        let journal = try await folder.open()
        let now = Timestamp.now.microseconds
        let (hour, day): (Int64, Int64) = (3_600_000_000, 86_400_000_000)
        journal.append(try calls(1...3, at: now))
        journal.append(try calls(4...5, at: now - 2 * hour))
        journal.append(try calls(6...6, at: now - 2 * day))
        let yesterday = now / day * day - hour
        for (id, moment) in [("old", yesterday - day), ("new", yesterday), ("today", now)] {
            var batch = EventBatch(receivedAt: Timestamp(microseconds: moment))
            try batch.append(
                text: """
                    {"action":"event","name":"doc_created","routing_key":"doc_created.db.user.\(id)",\
                    "data":{"msg_id":"\(id)","account_id":"acc","type":"user","id":"\(id)"}}
                    """)
            journal.append(batch)
        }
        let reader = try await journal.reader("hook", from: .beginning)
        let batch = try #require(await reader.next(limit: 1 << 20))
        for position in 0...1 {
            try await reader.bury(
                JournalLetter(
                    batch[position], id: "\(position)", consumer: "hook", time: .now, attempts: 5, reason: "exit 1"))
        }
        #expect(try rows(Self.callsPerHour).map { $0[1] } == ["2", "3"])
        #expect(try rows(Self.newUsers).map { $0[2] } == ["new"])
        #expect(try rows(Self.newUsers).map { $0[1] } == ["acc"])
        #expect(try rows(Self.failedDeliveries).map { Array($0[0...1]) } == [["hook", "2"]])
        await journal.close()
    }

    @Test func `questions about a time look at no other`() async throws {
        await (try folder.open()).close()
        for query in [Self.callsPerHour, Self.newUsers] {
            let statement = try Database(path: folder.journal, .readOnly).prepare("EXPLAIN QUERY PLAN \(query)")
            var plan: [String] = []
            while try statement.step() { plan.append(statement.text(at: 3) ?? "") }
            #expect(plan.first?.hasPrefix("SEARCH events USING INDEX events_by_time (received_at>") == true, "\(plan)")
        }
    }
}
