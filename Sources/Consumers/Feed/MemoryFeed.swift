public import Events
import Synchronization

/// A bounded queue in memory between the router and one consumer.
///
/// Whoever offers never waits. Over the bound, events are dropped, counted, and told where they are missing. What was taken
/// counts until it is acknowledged: as lag, and towards the bound, but it is never dropped.
public final class MemoryFeed: Feed {
    /// What becomes of events that there is no room for.
    public enum Overflow: Equatable, Sendable {
        /// Those that wait the longest make room for new ones.
        case dropOldest
        /// The new ones are dropped, until there is room again.
        case dropNewest
    }

    /// What has been counted so far; in events, but for the notices.
    public struct Counts: Equatable, Sendable {
        /// Offered.
        public var received = 0
        /// Taken by the consumer.
        public var taken = 0
        /// Done with.
        public var acknowledged = 0
        /// Dropped because there was no room.
        public var dropped = 0
        /// Notices, such as those of gaps, dropped because hundreds of them were waiting.
        public var droppedNotices = 0
    }

    private struct State {
        var queue: MemoryFeedQueue
        var waiter: CheckedContinuation<Void, Never>?

        /// Whom to wake, if there is something for him.
        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            queue.isIdle ? nil : waiter.take()
        }
    }

    private let state: Mutex<State>
    private let lossNotice: (@Sendable (Loss) -> JSONValue)?
    private let report: @Sendable (Loss) -> Void

    /// Creates an empty feed.
    ///
    /// - Parameters:
    ///   - capacity: the most that may be held for the consumer, in bytes: text and index, waiting and taken. A batch that
    ///     is taken in parts counts whole until its last line is taken, and each part beside it.
    ///   - overflow: what becomes of more.
    ///   - lossNotice: makes the line that stands where events are missing; `nil` for none.
    ///   - report: told what was dropped, on the consumer's task, when the consumer comes to where it is missing.
    public init(
        capacity: Int, overflow: Overflow = .dropOldest, lossNotice: (@Sendable (Loss) -> JSONValue)? = nil,
        report: @escaping @Sendable (Loss) -> Void
    ) {
        state = Mutex(State(queue: MemoryFeedQueue(capacity: capacity, overflow: overflow)))
        self.lossNotice = lossNotice
        self.report = report
    }

    // MARK: In

    /// Adds events, or as many of them as there is room for. Never blocks.
    ///
    /// - Parameter batch: the next lines, with sequence numbers that go on from those before.
    public func offer(_ batch: EventBatch) {
        change { $0.offer(batch) }
    }

    /// Nothing more will come: what waits can still be taken, and what is offered after all is dropped.
    public func finish() {
        change { $0.finish() }
    }

    // MARK: Out

    /// The next events, at most `limit` bytes of them unless one alone is longer; waits until there are some.
    ///
    /// One task at a time may wait. Small batches that have gathered come as one.
    ///
    /// - Returns: `nil` when the feed is finished and everything has been taken, or the task is cancelled.
    public func next(limit: Int) async -> EventBatch? {
        while !Task.isCancelled {
            switch state.withLock({ $0.queue.take(limit: limit) }) {
            case .lines(let pieces):
                return EventBatch(joining: pieces)
            case .loss(let loss, let sequence):
                report(loss)
                guard let lossNotice else { continue }
                var batch = EventBatch(receivedAt: loss.to, firstSequence: sequence)
                batch.append(notice: lossNotice(loss))
                return batch
            case .wait:
                await wait()
            case .end:
                return nil
            }
        }
        return nil
    }

    /// Everything up to this sequence number, itself included, is done with: there is room for more.
    public func acknowledge(through sequence: UInt64) {
        change { $0.acknowledge(through: sequence) }
    }

    /// How far the consumer is behind.
    public var lag: Lag { state.withLock(\.queue.lag) }

    /// What has been counted so far.
    public var counts: Counts { state.withLock(\.queue.counts) }

    /// How much events hold, in bytes: text and index, waiting and taken.
    public var memory: Int { state.withLock(\.queue.memory) }

    // MARK: Waiting

    private func change(_ body: (inout MemoryFeedQueue) -> Void) {
        let waiter = state.withLock { state in
            body(&state.queue)
            return state.takeWaiter()
        }
        waiter?.resume()
    }

    /// Returns when there may be something to take, or the task is cancelled.
    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    // Whoever cancels after this look finds the waiter, once the lock is free.
                    guard state.queue.isIdle, !Task.isCancelled else { return false }
                    precondition(state.waiter == nil, "a feed has one consumer")
                    state.waiter = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiter.take() }?.resume()
        }
    }
}

extension EventBatch {
    /// One batch of all pieces; a single whole batch is not copied.
    fileprivate init(joining pieces: [MemoryFeedQueue.Piece]) {
        guard let first = pieces.first else {
            self.init()
            return
        }
        self = first.batch.slice(first.positions)
        guard pieces.count > 1 else { return }
        reserveCapacity(
            bytes: pieces.reduce(0) { $0 + $1.batch.textSize(of: $1.positions) },
            lines: pieces.reduce(0) { $0 + $1.positions.count })
        for piece in pieces.dropFirst() { join(piece.positions, of: piece.batch) }
    }
}
