import Consumers
import Events
import Synchronization
import TestSupport

/// A feed that gives a list of events, and ends, or waits for more that never come.
final class ListFeed: Feed {
    private let batches: Mutex<[EventBatch]>
    private let last = Mutex<UInt64>(0)
    private let isEndless: Bool

    init(count: Int, inBatchesOf size: Int, isEndless: Bool = false) throws {
        self.isEndless = isEndless
        batches = Mutex(
            try stride(from: 0, to: count, by: size).map { first in
                try events(
                    Array(repeating: #"{"name":"X"}"#, count: min(size, count - first)),
                    firstSequence: UInt64(first + 1))
            })
    }

    var acknowledged: UInt64 { last.withLock { $0 } }

    func next(limit: Int) async -> EventBatch? {
        if let batch = batches.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return batch }
        if isEndless { await untilCancelled() }
        return nil
    }

    func acknowledge(through sequence: UInt64) { last.withLock { $0 = max($0, sequence) } }

    var lag: Lag { Lag(events: 0, oldest: nil) }
}

/// A consumer that does what a test says, and remembers what it was asked.
final class ScriptedDelivery: EventConsumer {
    private struct Log {
        var attempts: [UInt64: [Int]] = [:]
        var delivered: [UInt64] = []
        var running = 0
        var most = 0
    }

    private let log = Mutex(Log())
    private let body: @Sendable (UInt64, Int) async throws(ConsumerFailure) -> Void

    init(_ body: @escaping @Sendable (UInt64, Int) async throws(ConsumerFailure) -> Void) { self.body = body }

    var attempts: [UInt64: [Int]] { log.withLock { $0.attempts } }
    var delivered: [UInt64] { log.withLock { $0.delivered } }
    /// How many ran at once.
    var most: Int { log.withLock { $0.most } }

    func deliver(_ event: EventBatch, attempt: Int) async throws(ConsumerFailure) {
        let sequence = event[0].sequence
        log.withLock {
            $0.attempts[sequence, default: []].append(attempt)
            $0.running += 1
            $0.most = max($0.most, $0.running)
        }
        defer { log.withLock { $0.running -= 1 } }
        try await body(sequence, attempt)
        log.withLock { $0.delivered.append(sequence) }
    }
}

/// Dead letters in memory.
final class Letters: DeadLetterStore {
    struct Letter: Sendable {
        var sequence: UInt64
        var attempts: Int
        var failure: ConsumerFailure
    }

    private let letters = Mutex<[Letter]>([])
    var all: [Letter] { letters.withLock { $0 } }

    func keep(_ event: EventBatch, attempts: Int, _ failure: ConsumerFailure) async throws(ConsumerFailure) {
        letters.withLock { $0.append(Letter(sequence: event[0].sequence, attempts: attempts, failure: failure)) }
    }
}

/// What a runner tells.
final class Told: Sendable {
    private let list = Mutex<[EventRunnerNotice]>([])
    var all: [EventRunnerNotice] { list.withLock { $0 } }
    func add(_ notice: EventRunnerNotice) { list.withLock { $0.append(notice) } }
}

/// Tasks that wait until there are so many of them.
actor Meeting {
    private let size: Int
    private var count = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(of size: Int) { self.size = size }

    /// Comes, and waits for the others.
    func join() async {
        count += 1
        await isComplete()
    }

    /// Waits until all have come.
    func isComplete() async {
        guard count < size else {
            waiting.forEach { $0.resume() }
            waiting = []
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}

/// Waits until the task is cancelled.
func untilCancelled() async {
    let (never, end) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    end.finish()
}
