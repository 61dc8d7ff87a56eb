import Events
import Testing

@testable import Journal
@testable import SubscribeCommands

@Suite struct JournalTableTests {
    private static let moment = Timestamp(microseconds: 1_795_225_657_000_125)

    private func table(isJSON: Bool = false, colour: Bool = false) -> JournalTable {
        JournalTable(clock: WallClock(zone: .fixed(3600)), isJSON: isJSON, colour: colour)
    }

    private func batch(_ sequence: UInt64) throws -> EventBatch {
        var batch = EventBatch(receivedAt: Self.moment, connection: "ws://kazoo#1", firstSequence: sequence)
        let text = Array(
            #"{"action":"event","name":"doc_created","routing_key":"doc_created.db.user.u1","data":{"msg_id":"m1","type":"user","id":"u1","account_id":"009afc51"}}"#
                .utf8)
        try text.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        return batch
    }

    @Test func `events stand below one title`() throws {
        var table = table()
        let text = table.text(of: try batch(9)) + table.text(of: EventBatch()) + table.text(of: try batch(184_467))
        #expect(
            String(decoding: text, as: UTF8.self) == """
                    NUMBER  RECEIVED (GMT)       EVENT            ACCOUNT
                         9  2026-11-21 02:47:37  doc_created      009afc51  user       u1
                    184467  2026-11-21 02:47:37  doc_created      009afc51  user       u1

                """)
        var painted = self.table(colour: true)
        #expect(String(decoding: painted.text(of: try batch(9)), as: UTF8.self).hasPrefix("\u{1b}[1m    NUMBER"))
    }

    @Test func `events for programs`() throws {
        var table = table(isJSON: true)
        #expect(
            String(decoding: table.text(of: try batch(9)), as: UTF8.self)
                == #"{"seq":9,"received_at":"2026-11-21T01:47:37.000125Z","kind":"event","id":"m1+doc_created.db.user.u1","account_id":"009afc51","family":"object","name":"doc_created","routing_key":"doc_created.db.user.u1","connection":"ws://kazoo#1","bytes":149}"#
                + "\n")
    }

    @Test func consumers() {
        let consumers = [
            JournalConsumer(
                name: "archive", position: 184_502, changedAt: Self.moment, behind: 0, oldest: nil, letters: 0),
            JournalConsumer(
                name: "users", position: 7, changedAt: Self.moment, behind: 12_345, oldest: Self.moment, letters: 2),
        ]
        #expect(
            table().text(of: consumers) == """
                CONSUMER  POSITION  BEHIND  OLDEST WAITING       MOVED                DEAD LETTERS
                archive     184502       0  -                    2026-11-21 02:47:37             0
                users            7  12,345  2026-11-21 02:47:37  2026-11-21 02:47:37             2

                """)
        #expect(
            table(isJSON: true).text(of: [consumers[1]])
                == #"{"consumer":"users","position":7,"behind":12345,"oldest":"2026-11-21T01:47:37.000125Z","moved_at":"2026-11-21T01:47:37.000125Z","dead_letters":2}"#
                + "\n")
        #expect(table().text(of: [JournalConsumer]()) == "")
    }

    @Test func gaps() {
        let gap = JournalGap(
            from: Self.moment, to: Timestamp(microseconds: Self.moment.microseconds + 1_500_000),
            reason: "connection_lost", notice: ["action": "gap", "bindings": ["call.*.*"]])
        #expect(
            table().text(of: [gap]) == """
                FROM                 TO                   SECONDS  REASON            EVENTS  CONSUMER
                2026-11-21 02:47:37  2026-11-21 02:47:38      1.5  connection_lost  unknown  all

                """)
        #expect(
            table(isJSON: true).text(of: [gap])
                == #"{"from":"2026-11-21T01:47:37.000125Z","to":"2026-11-21T01:47:38.500125Z","reason":"connection_lost","events":null,"consumer":null,"accounts":null,"bindings":["call.*.*"]}"#
                + "\n")
    }
}
