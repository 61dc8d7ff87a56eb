import Events
import Glibc
import Journal

/// Batches into a journal of its own, each committed before the next one comes.
struct JournalStep: Step {
    private static let linesPerBatch = 50

    private let batches: [EventBatch]

    init(events: [[UInt8]]) throws {
        batches = try stride(from: 0, to: events.count, by: Self.linesPerBatch).map { first in
            var batch = EventBatch(connection: "ws://127.0.0.1:5555#1")
            for event in events[first..<min(first + Self.linesPerBatch, events.count)] {
                try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
            }
            return batch
        }
    }

    func run(_ total: Int) async throws -> Int {
        let directory = try Self.makeDirectory()
        let path = "\(directory)/journal.sqlite"
        defer {
            for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
            rmdir(directory)
        }
        let journal = try await Journal.open(JournalConfiguration(path: path)) { _ in }
        for batch in batches.prefix(total / Self.linesPerBatch) {
            journal.append(batch)
            try await journal.flush()
        }
        let appended = journal.counts.appended
        precondition(appended == total, "there are not so many events, or some came twice")
        await journal.close()
        return appended
    }

    private static func makeDirectory() throws -> String {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw NoDirectory(code: errno) }
        return template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    private struct NoDirectory: Error {
        let code: Int32
    }
}
