import Events
import Glibc
import Synchronization
import Testing

@testable import Journal

/// A batch of events about calls whose message ids are numbers.
func calls(
    _ numbers: ClosedRange<Int>, at time: Int64 = 1_795_225_657_000_125, length: Int = 0, connection: String = "kazoo-a"
) throws -> EventBatch {
    var batch = EventBatch(receivedAt: Timestamp(microseconds: time), connection: connection)
    for number in numbers {
        try batch.append(
            text: """
                {"action":"event","subscribed_key":"call.*.*","subscription_key":"call.CHANNEL_CREATE.*",\
                "name":"CHANNEL_CREATE","routing_key":"call.CHANNEL_CREATE.c\(number)",\
                "data":{"msg_id":"m\(number)","custom_channel_vars":{"account_id":"acc"},"n":\(number),\
                "fill":"\(String(repeating: "x", count: length))"}}
                """)
    }
    return batch
}

extension EventBatch {
    /// Appends an event, which must be JSON.
    mutating func append(text: String) throws {
        try Array(text.utf8).withUnsafeBytes { append(event: $0, located: try JSONScanner.scan($0)) }
    }

    /// The numbers of the calls; -1 for a gap.
    var numbers: [Int] {
        map { line in
            let value = try? line.json.withUnsafeBytes { try JSONValue(parsing: $0) }
            return value?["data"]?["n"]?.int ?? (value?["action"]?.string == "gap" ? -1 : .min)
        }
    }
}

/// What a journal tells.
final class Told: Sendable {
    private let list = Mutex<[JournalNotice]>([])
    var all: [JournalNotice] { list.withLock { $0 } }
    func add(_ notice: JournalNotice) { list.withLock { $0.append(notice) } }
}

extension JournalFolder {
    /// Opens the journal of the folder, with waits that suit tests.
    func open(
        bufferLimit: Int = 64 << 20, retention: Retention = Retention(), logThreshold: Int = 4096,
        synchronization: JournalConfiguration.Synchronization = .interval(.seconds(1)), told: Told = Told()
    ) async throws -> Journal {
        var settings = JournalConfiguration(
            path: journal, synchronization: synchronization, commitInterval: .milliseconds(5),
            cursorInterval: .milliseconds(10), bufferLimit: bufferLimit, retention: retention)
        settings.logThreshold = logThreshold
        return try await Journal.open(settings, notify: told.add)
    }

    /// What a query says, by another connection to the journal.
    func integer(_ query: String) throws -> Int64? {
        try Database(path: journal, .readOnly).integer(query)
    }

    /// The first column of a query's rows.
    func texts(_ query: String) throws -> [String?] {
        let statement = try Database(path: journal, .readOnly).prepare(query)
        var texts: [String?] = []
        while try statement.step() { texts.append(statement.text(at: 0)) }
        return texts
    }
}

/// Waits until something has come true that another thread brings about.
func eventually(_ what: Comment, _ condition: () throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(20)
    while try !condition() {
        guard ContinuousClock.now < limit else {
            Issue.record(what)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// A letter about one of the events of a batch.
func letter(
    to sequence: UInt64, in batch: EventBatch, consumer: String = "users", id: String = "letter"
) -> JournalLetter {
    var letter = JournalLetter(
        batch[0], id: id, consumer: consumer, time: Timestamp(microseconds: 9), attempts: 5, reason: "it said no",
        exitStatus: 3, standardError: "no")
    letter.sequence = sequence
    return letter
}
