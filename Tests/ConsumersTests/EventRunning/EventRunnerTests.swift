import Events
import Synchronization
import Testing

@testable import Consumers

@Suite(.timeLimit(.minutes(10))) struct EventRunnerTests {
    @Test func `everything is delivered and acknowledged`() async throws {
        let feed = try ListFeed(count: 500, inBatchesOf: 7)
        let consumer = ScriptedDelivery { _, _ in }
        let runner = EventRunner(consumer, feed: feed, policy: EventRunnerPolicy(concurrency: 4), deadLetters: nil) {
            _ in
        }
        try await runner.run()
        #expect(consumer.delivered.sorted() == (1...500).map { UInt64($0) })
        #expect(feed.acknowledged == 500)
        #expect(runner.counters.delivered == 500)
    }

    @Test func `side by side`() async throws {
        let feed = try ListFeed(count: 12, inBatchesOf: 12)
        // No delivery ends before three run.
        let meeting = Meeting(of: 3)
        let consumer = ScriptedDelivery { _, _ in await meeting.join() }
        let runner = EventRunner(consumer, feed: feed, policy: EventRunnerPolicy(concurrency: 3), deadLetters: nil) {
            _ in
        }
        try await runner.run()
        #expect(feed.acknowledged == 12)
        #expect(consumer.most == 3)
    }

    @Test func `what fails is tried again, and then kept`() async throws {
        let feed = try ListFeed(count: 3, inBatchesOf: 3)
        let letters = Letters()
        let bad = ConsumerFailure(.retryWithinLimit, "bad", exitStatus: 1, standardError: "no\n")
        let consumer = ScriptedDelivery { sequence, _ throws(ConsumerFailure) in if sequence == 2 { throw bad } }
        let policy = EventRunnerPolicy(attempts: 3, backoff: .milliseconds(1) ... .milliseconds(4))
        let runner = EventRunner(consumer, feed: feed, policy: policy, deadLetters: letters) { _ in }
        try await runner.run()
        #expect(consumer.attempts[2] == [1, 2, 3])
        #expect(letters.all.map(\.sequence) == [2])
        #expect(letters.all.first?.attempts == 3)
        #expect(letters.all.first?.failure == bad)
        #expect(feed.acknowledged == 3)
        #expect(
            runner.counters
                == {
                    var counters = EventRunnerCounters();
                    (counters.delivered, counters.retried, counters.buried) = (2, 2, 1); return counters
                }())
    }

    @Test func `what takes too long is cancelled and tried again`() async throws {
        let feed = try ListFeed(count: 1, inBatchesOf: 1)
        let consumer = ScriptedDelivery { _, attempt throws(ConsumerFailure) in
            guard attempt == 1 else { return }
            await untilCancelled()
            throw ConsumerFailure(.retryWithinLimit, "told to end", exitStatus: 143, standardError: "last words")
        }
        let told = Told()
        let policy = EventRunnerPolicy(timeout: .milliseconds(50), backoff: .milliseconds(1) ... .milliseconds(2))
        try await EventRunner(consumer, feed: feed, policy: policy, deadLetters: nil, tell: told.add).run()
        #expect(consumer.attempts[1] == [1, 2])
        guard case .retrying(1, 1, let failure, _) = told.all.first else {
            Issue.record("nothing was told of it: \(told.all)")
            return
        }
        #expect(
            failure
                == ConsumerFailure(
                    .retryWithinLimit, "it took longer than 0.05 seconds", exitStatus: 143, standardError: "last words")
        )
    }

    @Test func `stop waits for what runs, and cancels it after the grace period`() async throws {
        let feed = try ListFeed(count: 3, inBatchesOf: 3, isEndless: true)
        let letters = Letters()
        let started = Meeting(of: 1)
        let consumer = ScriptedDelivery { _, _ throws(ConsumerFailure) in
            await started.join()
            await untilCancelled()
            throw ConsumerFailure(.retryWithinLimit, "told to end")
        }
        let told = Told()
        let runner = EventRunner(
            consumer, feed: feed, policy: EventRunnerPolicy(unfinished: .bury), deadLetters: letters, tell: told.add)
        async let run: Void = runner.run()
        await started.isComplete()
        runner.stop(within: .milliseconds(20))
        try await run
        #expect(letters.all.map(\.sequence).sorted() == [1, 2, 3])
        #expect(letters.all.allSatisfy { $0.failure.description.contains("was stopped before") })
        #expect(feed.acknowledged == 3, "the dead letters have them")
        #expect(consumer.attempts == [1: [1]])
    }

    @Test func `cancelling the task is the end, and acknowledges nothing`() async throws {
        let feed = try ListFeed(count: 3, inBatchesOf: 3, isEndless: true)
        let started = Meeting(of: 1)
        let consumer = ScriptedDelivery { _, _ throws(ConsumerFailure) in
            await started.join()
            await untilCancelled()
            throw ConsumerFailure(.retryWithinLimit, "told to end")
        }
        let told = Told()
        let runner = EventRunner(consumer, feed: feed, policy: EventRunnerPolicy(), deadLetters: nil, tell: told.add)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            await started.isComplete()
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(feed.acknowledged == 0)
        #expect(told.all == [.unfinished(events: 3)])
    }

    @Test func `a consumer that is of no use ends the run with its failure`() async throws {
        let feed = try ListFeed(count: 3, inBatchesOf: 3, isEndless: true)
        let gone = ConsumerFailure(.stop, "the reader has gone")
        let runner = EventRunner(
            ScriptedDelivery { _, _ throws(ConsumerFailure) in throw gone }, feed: feed, policy: EventRunnerPolicy(),
            deadLetters: nil
        ) { _ in }
        await #expect(throws: gone) { try await runner.run() }
    }
}
