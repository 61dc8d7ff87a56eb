import Events
import Synchronization
import Testing

@testable import Consumers

@Suite(.timeLimit(.minutes(10))) struct MemoryFeedTests {
    /// What was told about losses.
    private final class Losses: Sendable {
        private let list = Mutex<[Loss]>([])
        var all: [Loss] { list.withLock { $0 } }
        func add(_ loss: Loss) { list.withLock { $0.append(loss) } }
    }

    private static func notice(_ loss: Loss) -> JSONValue { ["notice": .number("\(loss.events)")] }

    @Test func waitsForEventsAndForTheEnd() async throws {
        let feed = MemoryFeed(capacity: 1 << 20) { _ in }
        async let first = feed.next(limit: 100)
        feed.offer(try batch(1...1, at: 5))
        #expect(await first?.numbers == [1])
        #expect(feed.lag == Lag(events: 1, oldest: Timestamp(microseconds: 5)))
        feed.acknowledge(through: 1)
        async let second = feed.next(limit: 100)
        feed.finish()
        #expect(await second == nil)
        #expect(await feed.next(limit: 100) == nil)
        #expect(feed.counts == MemoryFeed.Counts(received: 1, taken: 1, acknowledged: 1))
        #expect(feed.memory == 0)
    }

    @Test func whatIsGatheredKeepsItsOrigin() async throws {
        let feed = MemoryFeed(capacity: 1 << 20) { _ in }
        feed.offer(try batch(3...4, at: 10, connection: "a"))
        feed.offer(try batch(7...7, at: 20, connection: "b"))
        feed.offer(try batch(7...7, at: 30, isNotice: true, connection: ""))
        feed.offer(try batch(8...8, at: 30, connection: ""))
        let batch = try #require(await feed.next(limit: 1 << 20))
        #expect(batch.numbers == [3, 4, 7, -7, 8])
        #expect(batch.map(\.sequence) == [3, 4, 7, 7, 8])
        #expect(batch.map(\.receivedAt.microseconds) == [10, 10, 20, 30, 30])
        #expect(batch.map(\.connection) == ["a", "a", "b", "", ""])
    }

    @Test func aWholeBatchIsNotCopied() async throws {
        let feed = MemoryFeed(capacity: 1 << 20) { _ in }
        let offered = try batch(1...100)
        feed.offer(offered)
        let taken = try #require(await feed.next(limit: 1 << 20))
        #expect(
            taken.bytes.withUnsafeBytes { $0.baseAddress } == offered.bytes.withUnsafeBytes { $0.baseAddress })
    }

    @Test func lossesAreToldInTheirPlace() async throws {
        let losses = Losses()
        let size = try batch(1...1).memory
        // The allocator may give each a little more than it asks for.
        let feed = MemoryFeed(
            capacity: size * 2 + size / 2, lossNotice: { MemoryFeedTests.notice($0) }, report: { losses.add($0) })
        for sequence in 1...5 as ClosedRange<UInt64> {
            feed.offer(try batch(sequence...sequence, at: Int64(sequence)))
        }
        #expect(losses.all.isEmpty, "it is not complete")
        let notice = try #require(await feed.next(limit: 1 << 20))
        #expect(notice.numbers == [-3])
        #expect(notice.map(\.kind) == [.notice])
        #expect(notice.map(\.sequence) == [3], "between the events around it")
        let loss = Loss(events: 3, from: Timestamp(microseconds: 1), to: Timestamp(microseconds: 3))
        #expect(losses.all == [loss])
        #expect(await feed.next(limit: 1 << 20)?.numbers == [4, 5])
        #expect(losses.all == [loss])
    }

    @Test func whoDoesNotAskForNoticesGetsNone() async throws {
        let losses = Losses()
        let feed = MemoryFeed(capacity: try batch(1...1).memory) { losses.add($0) }
        feed.offer(try batch(1...1))
        feed.offer(try batch(2...2))
        #expect(await feed.next(limit: 1 << 20)?.numbers == [2])
        #expect(losses.all.map(\.events) == [1])
    }

    /// The acknowledgement is what completes the loss: whoever waits is woken by it.
    @Test func anAcknowledgementWakesWhoWaits() async throws {
        let losses = Losses()
        let feed = MemoryFeed(
            capacity: try batch(1...1).memory, overflow: .dropNewest, lossNotice: { MemoryFeedTests.notice($0) },
            report: { losses.add($0) })
        feed.offer(try batch(1...1))
        feed.offer(try batch(2...2))
        #expect(await feed.next(limit: 1 << 20)?.numbers == [1])
        async let next = feed.next(limit: 1 << 20)
        feed.acknowledge(through: 1)
        #expect(await next?.numbers == [-1])
        #expect(losses.all.map(\.events) == [1])
    }

    // MARK: Cancellation

    @Test func whoIsCancelledStopsWaiting() async throws {
        let feed = MemoryFeed(capacity: 1 << 20) { _ in }
        for _ in 0..<1_000 {
            let waiting = Task { await feed.next(limit: 100) }
            waiting.cancel()
            #expect(await waiting.value == nil)
        }
        feed.offer(try batch(1...1))
        #expect(await feed.next(limit: 100)?.numbers == [1], "the feed goes on")
    }

    /// An event and a cancellation at the same time: whoever comes first, nothing is resumed twice and nothing is lost.
    @Test func cancelledWhileAnEventComes() async throws {
        let feed = MemoryFeed(capacity: 1 << 20) { _ in }
        for round in 1...1_000 as ClosedRange<UInt64> {
            let event = try batch(round...round)
            let waiting = Task { await feed.next(limit: 1 << 20) }
            async let offered: Void = feed.offer(event)
            waiting.cancel()
            let taken = await waiting.value
            await offered
            let rest = taken == nil ? await feed.next(limit: 1 << 20) : nil
            #expect((taken ?? rest)?.numbers == [Int(round)])
            feed.acknowledge(through: round)
        }
        #expect(feed.counts == MemoryFeed.Counts(received: 1_000, taken: 1_000, acknowledged: 1_000))
    }

    // MARK: Under load

    /// Nothing is lost, doubled or out of order between threads, and every event is accounted for.
    @Test(arguments: [(MemoryFeed.Overflow.dropOldest, 1 << 14), (.dropNewest, 1 << 14), (.dropOldest, 1 << 26)])
    func underLoad(_ overflow: MemoryFeed.Overflow, _ capacity: Int) async throws {
        let losses = Losses()
        let feed = MemoryFeed(capacity: capacity, overflow: overflow) { losses.add($0) }
        let batches = try (0..<5_000).map { try batch(($0 * 3 + 1)...($0 * 3 + 3)) }
        async let offered: Void = {
            for batch in batches { feed.offer(batch) }
            feed.finish()
        }()
        var numbers: [Int] = []
        while let batch = await feed.next(limit: 1_000) {
            numbers += batch.numbers
            if let last = batch.last { feed.acknowledge(through: last.sequence) }
        }
        await offered
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        let lost = losses.all.reduce(0) { $0 + $1.events }
        #expect(numbers.count + lost == 15_000)
        #expect(
            feed.counts
                == MemoryFeed.Counts(
                    received: 15_000, taken: numbers.count, acknowledged: numbers.count, dropped: lost))
        #expect(feed.lag == Lag(events: 0, oldest: nil))
        #expect(feed.memory == 0)
        if capacity == 1 << 26 { #expect(lost == 0) }
    }
}
