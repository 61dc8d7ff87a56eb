import ArgumentParser
import Events
import Glibc
import Journal

/// What is killed: a journal under load with two consumers, which writes down what it knows to be committed, and what was
/// delivered.
struct CrashChild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-child", abstract: "What `crash` kills.", shouldDisplay: false)

    @Option(help: "Where the journal and the logs are.") var directory: String
    @Option(help: "The number of the first event to append; 0 to deliver what is there, and end.") var first: Int

    func run() async throws {
        var settings = JournalConfiguration(path: "\(directory)/journal.sqlite", commitInterval: .milliseconds(3))
        settings.cursorInterval = .milliseconds(10)
        let journal = try await Journal.open(settings) { say("\($0)") }
        let archive = try await journal.reader("archive", from: .beginning)
        let hook = try await journal.reader("hook", from: .beginning)
        say("ready")
        let isEnding = first == 0
        try await withThrowingTaskGroup { group in
            group.addTask { try await deliverBatches(archive, untilTheEnd: isEnding) }
            group.addTask { try await deliverEvents(hook, untilTheEnd: isEnding) }
            if !isEnding { group.addTask { try await append(to: journal) } }
            try await group.waitForAll()
        }
        await journal.close()
    }

    /// Appends until it is killed.
    private func append(to journal: Journal) async throws {
        let log = try CrashLog("\(directory)/committed")
        var next = first
        while true {
            let last = next + Int.random(in: 0..<40)
            journal.append(try CrashEvents.batch(next...last))
            if Int.random(in: 0..<4) == 0 {
                try await journal.flush()
                log.add("\(last)")
            }
            next = last + 1
        }
    }

    /// Whole batches, as a file takes them.
    private func deliverBatches(_ reader: JournalReader, untilTheEnd: Bool) async throws {
        let log = try CrashLog("\(directory)/archive")
        log.add("start")
        while !untilTheEnd || reader.lag > 0, let batch = await reader.next(limit: 1 << 16) {
            for view in batch { log.add("\(CrashEvents.number(of: view))") }
            if let last = batch.last { reader.acknowledge(through: last.sequence) }
        }
    }

    /// One event at a time, as a hook takes them; every seventh goes among the dead letters.
    private func deliverEvents(_ reader: JournalReader, untilTheEnd: Bool) async throws {
        let log = try CrashLog("\(directory)/hook")
        log.add("start")
        while !untilTheEnd || reader.lag > 0, let batch = await reader.next(limit: 1 << 14) {
            for view in batch {
                let number = CrashEvents.number(of: view)
                if number.isMultiple(of: 7) {
                    try await reader.bury(
                        JournalLetter(
                            view, id: "\(number)", consumer: "hook", time: view.receivedAt, attempts: 1, reason: "seven"
                        ))
                } else {
                    log.add("\(number)")
                    reader.acknowledge(through: view.sequence)
                }
            }
        }
    }
}

/// The events of the trial: calls with numbers.
enum CrashEvents {
    static func batch(_ numbers: ClosedRange<Int>) throws -> EventBatch {
        var batch = EventBatch(receivedAt: Timestamp(microseconds: Int64(numbers.lowerBound)), connection: "trial")
        for number in numbers {
            let event = Array(
                """
                {"action":"event","name":"CHANNEL_CREATE","routing_key":"call.CHANNEL_CREATE.c\(number)",\
                "data":{"msg_id":"m\(number)","n":\(number),"fill":"\(String(repeating: "x", count: number % 2000))"}}
                """.utf8)
            try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        return batch
    }

    static func number(of view: EventView) -> Int { view.messageID.flatMap { Int($0.dropFirst()) } ?? -1 }
}

/// A file of lines, each of which is there as soon as it is added, whatever becomes of the process.
final class CrashLog: Sendable {
    private let file: Int32

    init(_ path: String) throws {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TrialFailure("\(path) cannot be written") }
    }

    deinit { close(file) }

    func add(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { preconditionFailure("a log cannot be written") }
    }
}
