import Events
import Journal
import Synchronization
import TestSupport
import Testing

@testable import Consumers

/// The runners over a journal, which is closed and opened again in between.
@Suite(.timeLimit(.minutes(1))) struct JournalFeedTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open() async throws -> Journal {
        try await Journal.open(
            JournalConfiguration(
                path: "\(folder.path)/journal.sqlite", synchronization: .interval(.seconds(1)),
                commitInterval: .milliseconds(2), cursorInterval: .milliseconds(4))
        ) { _ in }
    }

    /// A consumer that remembers what it got, and says when it has so much.
    private struct Collector: BatchConsumer {
        final class Record: Sendable {
            private let list = Mutex<[Int]>([])
            var all: [Int] { list.withLock { $0 } }
            func add(_ numbers: [Int]) { list.withLock { $0 += numbers } }
        }

        let record: Record
        let failure: ConsumerFailure?
        let enough: @Sendable (Int) -> Void

        mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
            if let failure { throw failure }
            record.add(batch.numbers)
            enough(record.all.count)
        }
    }

    private func run(
        _ feed: JournalFeed, until count: Int, record: Collector.Record, failure: ConsumerFailure? = nil,
        deadLetters: @escaping BatchRunner.DeadLetters = { _, _, _ in }
    ) async {
        let policy = DeliveryPolicy(
            retry: Retry(attempts: 2, backoff: .milliseconds(1) ... .milliseconds(1)), batchLimit: 100)
        let runner = BatchRunner(feed: feed, policy: policy, deadLetters: deadLetters) { _ in }
        await runner.run(Collector(record: record, failure: failure) { if $0 >= count { feed.finish() } })
    }

    @Test func `batches go on where they ended`() async throws {
        let record = Collector.Record()
        let first = try await open()
        let feed = JournalFeed(try await first.reader("archive", from: .now))
        for number in 1...50 as ClosedRange<UInt64> { first.append(try batch(number...number)) }
        await run(feed, until: 20, record: record)
        #expect(record.all.count >= 20)
        await first.close()

        let second = try await open()
        for number in 51...60 as ClosedRange<UInt64> { second.append(try batch(number...number)) }
        try await second.flush()
        let again = JournalFeed(try await second.reader("archive", from: .now))
        await run(again, until: 60, record: record)
        #expect(record.all == Array(1...60), "each once, in order")
        #expect(again.lag == Lag(events: 0, oldest: nil))
        await second.close()
    }

    @Test func `a batch that is given up goes among the dead letters, and is done with`() async throws {
        let record = Collector.Record()
        let first = try await open()
        let feed = JournalFeed(try await first.reader("archive", from: .now))
        first.append(try batch(1...3))
        await run(feed, until: 1, record: record, failure: ConsumerFailure(.giveUp, "too long")) {
            batch, failure, attempts in
            for position in batch.indices {
                do throws(ConsumerFailure) {
                    try await feed.keep(batch.slice(position..<(position + 1)), attempts: attempts, failure)
                } catch {
                    Issue.record(error)
                }
            }
            feed.finish()
        }
        await first.close()
        let second = try await open()
        let again = try await second.reader("archive", from: .now)
        #expect(again.lag == 0)
        await second.close()
    }

    @Test func `hooks side by side lose nothing when they are stopped`() async throws {
        let count = 300
        let delivered = Mutex<[UInt64: Int]>([:])
        var generator = SeededGenerator(seed: 7)
        let unlucky = Set((1...count).filter { _ in generator.once(in: 20) }.map { UInt64($0) })
        // Ended and started again and again, each time after some deliveries.
        for round in 0..<4 {
            let journal = try await open()
            let feed = JournalFeed(try await journal.reader("hook", from: .beginning))
            if round == 0 {
                for number in 1...UInt64(count) { journal.append(try batch(number...number)) }
            }
            let runnerOfThisRound = Mutex<EventRunner?>(nil)
            let left = Mutex(round == 3 ? Int.max : 60)
            let consumer = ScriptedDelivery { sequence, _ throws(ConsumerFailure) in
                let isEnough = left.withLock { left in
                    left -= 1
                    return left == 0
                }
                if isEnough { runnerOfThisRound.withLock { $0 }?.stop(within: .seconds(10)) }
                if unlucky.contains(sequence) { throw ConsumerFailure(.giveUp, "bad", exitStatus: 1) }
                delivered.withLock { $0[sequence, default: 0] += 1 }
                if round == 3, sequence == UInt64(count) { feed.finish() }
            }
            let runner = EventRunner(consumer, feed: feed, policy: EventRunnerPolicy(concurrency: 4), deadLetters: feed)
            {
                _ in
            }
            runnerOfThisRound.withLock { $0 = runner }
            try await runner.run()
            await journal.close()
        }
        let all = delivered.withLock { $0 }
        #expect(Set(all.keys).union(unlucky) == Set((1...count).map { UInt64($0) }))
        #expect(Set(all.keys).isDisjoint(with: unlucky))
        // Those that were finished out of order at a stop may come twice: at most as many as run at once, each time.
        #expect(all.values.reduce(0) { $0 + $1 - 1 } <= 3 * 4)
        let journal = try await open()
        #expect(try await journal.reader("hook", from: .beginning).lag == 0)
        await journal.close()
    }

    @Test func `a letter that cannot be kept is offered again`() async throws {
        let journal = try await open()
        let feed = JournalFeed(try await journal.reader("hook", from: .now))
        journal.append(try batch(1...1))
        let event = try #require(await feed.next(limit: 1 << 20))
        await journal.close()
        let error = await #expect(throws: ConsumerFailure.self) {
            try await feed.keep(event, attempts: 1, ConsumerFailure(.giveUp, "bad"))
        }
        #expect(error?.remedy == .retry)
        #expect(error?.description.hasSuffix("it has been closed") == true)
        #expect(await feed.next(limit: 1) == nil)
    }
}
