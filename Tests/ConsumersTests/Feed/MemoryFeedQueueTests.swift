import Events
import Testing

@testable import Consumers

@Suite struct MemoryFeedQueueTests {
    /// What a consumer sees.
    private enum Seen: Equatable {
        case lines([Int])
        case loss(Int, from: Int64, to: Int64, last: UInt64)
        case wait
        case end
    }

    private func take(_ queue: inout MemoryFeedQueue, limit: Int = 1 << 20) -> Seen {
        switch queue.take(limit: limit) {
        case .lines(let pieces): .lines(pieces.flatMap { $0.batch.slice($0.positions).numbers })
        case .loss(let loss, let last):
            .loss(loss.events, from: loss.from.microseconds, to: loss.to.microseconds, last: last)
        case .wait: .wait
        case .end: .end
        }
    }

    /// A capacity for so many batches of the tests and no more: the allocator may give each of them a little more than it
    /// asks for.
    private func room(for count: Int, of sequences: ClosedRange<UInt64> = 1...1) throws -> Int {
        // Two buffers each, and less than half of an event in all.
        try batch(sequences).memory * count + 2 * 16 * count
    }

    private func counts(_ received: Int, taken: Int, acknowledged: Int, dropped: Int = 0) -> MemoryFeed.Counts {
        MemoryFeed.Counts(received: received, taken: taken, acknowledged: acknowledged, dropped: dropped)
    }

    @Test func firstInFirstOut() throws {
        var queue = MemoryFeedQueue(capacity: 1 << 20, overflow: .dropOldest)
        #expect(queue.isIdle)
        #expect(take(&queue) == .wait)
        #expect(queue.lag == Lag(events: 0, oldest: nil))
        queue.offer(try batch(1...2, at: 10))
        queue.offer(try batch(3...3, at: 20))
        #expect(!queue.isIdle)
        #expect(queue.lag == Lag(events: 3, oldest: Timestamp(microseconds: 10)))
        #expect(take(&queue) == .lines([1, 2, 3]), "small batches come as one")
        #expect(queue.isIdle)
        #expect(queue.counts == counts(3, taken: 3, acknowledged: 0))
        queue.acknowledge(through: 1)
        #expect(queue.lag == Lag(events: 2, oldest: Timestamp(microseconds: 10)))
        queue.acknowledge(through: 2)
        #expect(queue.lag == Lag(events: 1, oldest: Timestamp(microseconds: 20)))
        #expect(queue.memory > 0, "what is taken is held until it is acknowledged")
        queue.acknowledge(through: 99)
        #expect(queue.counts == counts(3, taken: 3, acknowledged: 3))
        #expect(queue.lag == Lag(events: 0, oldest: nil))
        #expect(queue.memory == 0)
    }

    @Test func whatIsFinishedCanStillBeTaken() throws {
        var queue = MemoryFeedQueue(capacity: 1 << 20, overflow: .dropOldest)
        queue.offer(try batch(1...1))
        queue.finish()
        queue.offer(try batch(2...3, at: 5))
        queue.offer(try batch(3...3, isNotice: true))
        #expect(take(&queue) == .lines([1]))
        #expect(take(&queue) == .loss(2, from: 5, to: 5, last: 3), "told although nothing is acknowledged")
        #expect(take(&queue) == .end)
        #expect(!queue.isIdle)
        #expect(queue.counts.droppedNotices == 1)
    }

    // MARK: Limits of a portion

    @Test func largeBatchesAreCut() throws {
        var queue = MemoryFeedQueue(capacity: 1 << 20, overflow: .dropOldest)
        let large = try batch(1...7)
        let line = large.textSize(of: 0..<1)
        queue.offer(large)
        queue.offer(try batch(8...8))
        #expect(take(&queue, limit: 3 * line + 1) == .lines([1, 2, 3]))
        #expect(take(&queue, limit: 1) == .lines([4]), "one line at least")
        #expect(take(&queue, limit: 0) == .lines([5]))
        queue.acknowledge(through: 4)
        #expect(queue.counts == counts(8, taken: 5, acknowledged: 4))
        #expect(take(&queue, limit: 3 * line) == .lines([6, 7]), "what fills half of it comes alone")
        #expect(take(&queue) == .lines([8]))
        queue.acknowledge(through: 8)
        #expect(queue.memory == 0)
    }

    @Test func gathersNoMoreThanTheLimit() throws {
        var queue = MemoryFeedQueue(capacity: 1 << 20, overflow: .dropOldest)
        for sequence in 1...9 as ClosedRange<UInt64> { queue.offer(try batch(sequence...sequence)) }
        let line = try batch(1...1).bytes.count
        #expect(take(&queue, limit: 10 * line) == .lines([1, 2, 3, 4, 5]))
        #expect(take(&queue, limit: line * 2) == .lines([6]))
        #expect(take(&queue) == .lines([7, 8, 9]))
    }

    // MARK: Overflow

    @Test func oldestMakeRoom() throws {
        var queue = MemoryFeedQueue(capacity: try room(for: 3), overflow: .dropOldest)
        for sequence in 1...5 as ClosedRange<UInt64> {
            queue.offer(try batch(sequence...sequence, at: Int64(sequence)))
        }
        #expect(queue.counts == counts(5, taken: 0, acknowledged: 0, dropped: 2))
        #expect(queue.lag == Lag(events: 3, oldest: Timestamp(microseconds: 3)))
        #expect(take(&queue) == .loss(2, from: 1, to: 2, last: 2))
        #expect(take(&queue) == .lines([3, 4, 5]), "told once")
        queue.offer(try batch(6...6, at: 6))
        #expect(queue.counts.dropped == 3, "what is taken stays, and leaves no room")
        #expect(queue.isIdle, "more may be dropped")
        queue.acknowledge(through: 3)
        queue.offer(try batch(7...7, at: 7))
        #expect(take(&queue) == .loss(1, from: 6, to: 6, last: 6))
        #expect(take(&queue) == .lines([7]))
    }

    @Test func newestFindNoRoom() throws {
        var queue = MemoryFeedQueue(capacity: try room(for: 2), overflow: .dropNewest)
        for sequence in 1...4 as ClosedRange<UInt64> {
            queue.offer(try batch(sequence...sequence, at: Int64(sequence)))
        }
        #expect(take(&queue) == .lines([1, 2]))
        #expect(take(&queue) == .wait, "more may be dropped")
        queue.acknowledge(through: 1)
        queue.offer(try batch(5...5, at: 5))
        queue.offer(try batch(6...6, at: 6))
        #expect(take(&queue) == .loss(2, from: 3, to: 4, last: 4))
        #expect(take(&queue) == .lines([5]))
        queue.acknowledge(through: 2)
        #expect(queue.isIdle)
        queue.acknowledge(through: 5)
        #expect(!queue.isIdle, "what comes next has room: the loss is complete")
        #expect(take(&queue) == .loss(1, from: 6, to: 6, last: 6))
        #expect(take(&queue) == .wait)
        #expect(queue.counts == counts(6, taken: 3, acknowledged: 3, dropped: 3))
    }

    @Test func asMuchOfABatchIsKeptAsFits() throws {
        let capacity = try batch(1...10).memory(of: 0..<4)
        var oldest = MemoryFeedQueue(capacity: capacity, overflow: .dropOldest)
        oldest.offer(try batch(1...1))
        oldest.offer(try batch(2...9))
        #expect(take(&oldest) == .loss(5, from: 0, to: 0, last: 5))
        #expect(take(&oldest) == .lines([6, 7, 8, 9]))

        var newest = MemoryFeedQueue(capacity: capacity, overflow: .dropNewest)
        newest.offer(try batch(1...8))
        #expect(take(&newest) == .lines([1, 2, 3, 4]))
        newest.acknowledge(through: 4)
        #expect(take(&newest) == .loss(4, from: 0, to: 0, last: 8))
    }

    @Test(arguments: [MemoryFeed.Overflow.dropOldest, .dropNewest])
    func oneEventLargerThanEverything(_ overflow: MemoryFeed.Overflow) throws {
        var queue = MemoryFeedQueue(capacity: try room(for: 2), overflow: overflow)
        queue.offer(try batch(1...1, length: 10_000))
        #expect(take(&queue) == .loss(1, from: 0, to: 0, last: 1))
        queue.offer(try batch(2...2))
        #expect(take(&queue) == .lines([2]))
    }

    /// What is cut in two is not dropped where it was taken, and is dropped where it was not.
    @Test func theRestOfABatchCanBeDropped() throws {
        var queue = MemoryFeedQueue(capacity: try room(for: 2, of: 1...4), overflow: .dropOldest)
        queue.offer(try batch(1...4, at: 1))
        #expect(take(&queue, limit: 1) == .lines([1]))
        queue.offer(try batch(5...8, at: 2))
        #expect(take(&queue) == .loss(3, from: 1, to: 1, last: 4))
        #expect(take(&queue) == .lines([5, 6, 7, 8]))
        queue.acknowledge(through: 8)
        #expect(queue.counts == counts(8, taken: 5, acknowledged: 5, dropped: 3))
        #expect(queue.memory == 0)
    }

    // MARK: Notices

    @Test func noticesAreNoEventsAndAreNotDroppedWithThem() throws {
        var queue = MemoryFeedQueue(capacity: try room(for: 2), overflow: .dropOldest)
        queue.offer(try batch(1...1, at: 1))
        queue.offer(try batch(1...1, isNotice: true))
        queue.offer(try batch(2...2, at: 2))
        #expect(queue.counts.received == 2)
        queue.offer(try batch(3...3, at: 3))
        queue.offer(try batch(4...4, at: 4))
        queue.offer(try batch(4...4, isNotice: true))
        #expect(take(&queue) == .lines([-1]))
        #expect(take(&queue) == .loss(2, from: 1, to: 2, last: 2))
        #expect(take(&queue) == .lines([3, 4, -4]))
        queue.acknowledge(through: 4)
        #expect(queue.counts == counts(4, taken: 2, acknowledged: 2, dropped: 2))
        #expect(queue.memory == 0)
    }

    @Test func noticesHaveABoundOfTheirOwn() throws {
        var queue = MemoryFeedQueue(capacity: 1, overflow: .dropNewest)
        let notice = try batch(1...1, isNotice: true)
        let room = MemoryFeedQueue.noticeCapacity / notice.memory
        for _ in 0..<(room + 3) { queue.offer(notice) }
        #expect(queue.counts.droppedNotices == 3)
        #expect(take(&queue) == .lines(Array(repeating: -1, count: room)))
        queue.offer(notice)
        #expect(queue.counts.droppedNotices == 3, "there is room again")
    }
}
