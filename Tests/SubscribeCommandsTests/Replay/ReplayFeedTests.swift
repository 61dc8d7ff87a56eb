import Consumers
import Events
import Testing

@testable import SubscribeCommands

@Suite(.timeLimit(.minutes(10))) struct ReplayFeedTests {
    /// Batches of numbered events, one a second.
    private struct Batches: ReplaySource {
        var batches: [ClosedRange<UInt64>]
        var failure: UsageError?

        mutating func next() throws -> EventBatch? {
            guard !batches.isEmpty else {
                if let failure { throw failure }
                return nil
            }
            let numbers = batches.removeFirst()
            var batch = EventBatch()
            for number in numbers {
                let text = Array(#"{"action":"event","name":"n","data":{"n":\#(number)}}"#.utf8)
                let isTaken = text.withUnsafeBytes {
                    batch.append(
                        kept: $0, kind: .event, sequence: number,
                        receivedAt: Timestamp(microseconds: Int64(number) * 1_000_000), connection: "")
                }
                precondition(isTaken, "the batch is small")
            }
            return batch
        }

        var fraction: Double? { batches.isEmpty ? 1 : 0.5 }
    }

    private func feed(
        _ batches: ClosedRange<UInt64>..., failure: UsageError? = nil, speed: Double? = nil,
        select: @escaping @Sendable (EventBatch) -> EventBatch = { $0 }
    ) -> ReplayFeed {
        ReplayFeed(
            Batches(batches: batches, failure: failure), pace: ReplayPace(speed: speed), select: select)
    }

    private func rest(of feed: ReplayFeed, limit: Int = 1 << 20) async -> [[UInt64]] {
        var portions: [[UInt64]] = []
        while let batch = await feed.next(limit: limit) { portions.append(batch.map(\.sequence)) }
        return portions
    }

    @Test func `everything comes, in portions, and then the end`() async throws {
        let feed = feed(1...3, 4...4)
        #expect(await rest(of: feed) == [[1, 2, 3], [4]])
        #expect(feed.progress == ReplayFeed.Progress(events: 4, fraction: 1, isExhausted: true))
        try feed.check()
    }

    @Test func `a portion is no longer than asked for, but for one event`() async {
        let feed = feed(1...3)
        #expect(await rest(of: feed, limit: 1) == [[1], [2], [3]])
    }

    @Test func `only what is wanted comes`() async {
        let feed = feed(
            1...3, 4...6, 7...9,
            select: { batch in
                var batch = batch
                batch.keep { $0.sequence.isMultiple(of: 7) || $0.sequence == 2 }
                return batch
            })
        #expect(await rest(of: feed) == [[2], [7]])
    }

    @Test func `what is handed out and not done with is its lag`() async {
        let feed = feed(1...3)
        _ = await feed.next(limit: 1 << 20)
        #expect(feed.lag.events == 3)
        feed.acknowledge(through: 2)
        #expect(feed.lag.events == 1)
        feed.acknowledge(through: 3)
        #expect(feed.lag.events == 0)
    }

    @Test func `whoever waits for a moment far away can be called off`() async {
        let feed = feed(1...1, 1_000_000...1_000_000, speed: 1)
        #expect(await feed.next(limit: 1 << 20)?.count == 1)
        async let second = feed.next(limit: 1 << 20)
        feed.finish()
        #expect(await second == nil)
        #expect(!feed.progress.isExhausted)
        let task = Task { await self.feed(1...1, 1_000_000...1_000_000, speed: 1).next(limit: 1) }
        task.cancel()
        _ = await task.value
    }

    @Test func `why it could not be read to the end is told`() async {
        let feed = feed(1...1, failure: UsageError("line 2 is broken", exitCode: 65))
        #expect(await rest(of: feed) == [[1]])
        let error = #expect(throws: UsageError.self) { try feed.check() }
        #expect(error?.description == "line 2 is broken")
        #expect(error?.exitCode == 65)
    }
}
