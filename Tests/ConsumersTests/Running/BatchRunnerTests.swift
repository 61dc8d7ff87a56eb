import Events
import Synchronization
import Testing

@testable import Consumers

@Suite(.timeLimit(.minutes(10))) struct BatchRunnerTests {
    private let clock = RunnerClock()
    private let feed = RunnerFeed()
    private let record = ScriptedConsumer.Record()
    private let notices = Notes()

    private final class Notes: Sendable {
        private let list = Mutex<[DeliveryNotice]>([])
        var all: [DeliveryNotice] { list.withLock { $0 } }
        func add(_ notice: DeliveryNotice) { list.withLock { $0.append(notice) } }
    }

    private struct Longest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private func runner(
        attempts: Int? = nil, deadLetters: @escaping BatchRunner.DeadLetters = { _, _, _ in }
    ) -> BatchRunner {
        BatchRunner(
            feed: feed, policy: DeliveryPolicy(retry: Retry(attempts: attempts, backoff: .seconds(1) ... .seconds(8))),
            clock: clock, generator: Longest(), deadLetters: deadLetters
        ) { [notices] in notices.add($0) }
    }

    @Test func everythingInOrder() async throws {
        let runner = runner()
        for first in stride(from: UInt64(1), to: 1000, by: 10) { feed.put(try .numbered(first...(first + 9))) }
        feed.finish()
        await runner.run(ScriptedConsumer(record: record))
        #expect(record.calls == (0..<100).map { .deliver(UInt64($0) * 10 + 1) } + [.close])
        #expect(feed.acknowledged == (1...100).map { UInt64($0) * 10 })
        #expect(runner.counts.events == 1000)
        #expect(runner.counts.batches == 100)
        #expect(runner.counts.bytes == (try EventBatch.numbered(1...1000)).bytes.count)
        #expect(runner.lag == Lag(events: 0, oldest: nil))
        #expect(notices.all.isEmpty)
    }

    @Test func retriesAfterPauses() async throws {
        let runner = runner()
        let full = ConsumerFailure(.retry, "disk full")
        feed.put(try .numbered(1...3))
        feed.finish()
        async let run: Void = runner.run(ScriptedConsumer(record: record, outcomes: [full, full, nil]))
        await clock.hasSleeper(until: .seconds(1))
        #expect(record.calls == [.deliver(1)])
        #expect(feed.acknowledged.isEmpty)
        clock.move(to: .seconds(1))
        await clock.hasSleeper(until: .seconds(3))
        clock.move(to: .seconds(3))
        await run
        #expect(record.calls == [.deliver(1), .deliver(1), .deliver(1), .close])
        #expect(feed.acknowledged == [3])
        #expect(notices.all == [.failing(full, pause: .seconds(1)), .recovered(failures: 2, after: .seconds(3))])
        #expect(runner.counts.failures == 2)
        #expect(runner.counts.retries == 2)
        #expect(runner.counts.events == 3)
    }

    @Test func givenUpEventsAreDeadLetters() async throws {
        let dead = Mutex<[[UInt64]]>([])
        let poison = ConsumerFailure(.giveUp, "not for me")
        let runner = runner { batch, failure, attempts in
            #expect(failure == poison && attempts == 1)
            dead.withLock { $0.append(batch.map(\.sequence)) }
        }
        feed.put(try .numbered(1...2))
        feed.put(try .numbered(3...4))
        feed.finish()
        await runner.run(ScriptedConsumer(record: record, outcomes: [poison, nil]))
        #expect(dead.withLock { $0 } == [[1, 2]])
        #expect(feed.acknowledged == [2, 4])
        #expect(notices.all == [.gaveUp(poison, events: 2, attempts: 1)])
        #expect(runner.counts.givenUp == 2 && runner.counts.events == 2)
    }

    @Test func ticksAndReopensWhileNothingComes() async throws {
        let runner = runner()
        let consumer = ScriptedConsumer(record: record, interval: .seconds(1), deadline: clock.start)
        async let run: Void = runner.run(consumer)
        await clock.hasSleeper(until: .seconds(1))
        clock.move(to: .seconds(1))
        await clock.hasSleeper(until: .seconds(2))
        #expect(record.calls == [.tick, .tick])
        runner.reopen()
        await record.has(3)
        feed.put(try .numbered(1...1))
        await record.has(4)
        feed.finish()
        await run
        #expect(record.calls == [.tick, .tick, .reopen, .deliver(1), .close])
    }

    /// The time is up: what is under way is cancelled, and what is missing is counted.
    @Test func flushEndsAtItsDeadline() async throws {
        let runner = runner()
        feed.put(try .numbered(1...2))
        feed.put(try .numbered(3...5))
        feed.finish()
        async let run: Void = runner.run(ScriptedConsumer(record: record, hangs: true))
        await record.has(1)
        runner.finish(by: clock.start + .seconds(10))
        await clock.hasSleeper(until: .seconds(10))
        clock.move(to: .seconds(10))
        await run
        #expect(record.calls == [.deliver(1), .close])
        #expect(notices.all == [.notDelivered(events: 5)])
        #expect(feed.acknowledged.isEmpty)
    }

    @Test func cancellationMeansThatTheTimeIsUp() async throws {
        let runner = runner()
        feed.put(try .numbered(1...2))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [record] in await runner.run(ScriptedConsumer(record: record, hangs: true)) }
            await record.has(1)
            group.cancelAll()
        }
        #expect(record.calls == [.deliver(1), .close])
        #expect(notices.all == [.notDelivered(events: 2)])
    }

    @Test func aUselessConsumerIsStopped() async throws {
        let runner = runner()
        let gone = ConsumerFailure(.stop, "reader gone")
        feed.put(try .numbered(1...2))
        await runner.run(ScriptedConsumer(record: record, outcomes: [gone]))
        #expect(record.calls == [.deliver(1), .close])
        #expect(notices.all == [.stopped(gone), .notDelivered(events: 2)])
    }
}
