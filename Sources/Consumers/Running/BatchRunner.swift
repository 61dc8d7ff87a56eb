public import Events
import Synchronization

/// Brings what comes out of a feed to one consumer: in order, each batch until it is taken or given up.
///
/// A failing consumer is tried again after pauses (``Retry``), one that keeps failing at a slow pace; both are told once.
/// What to do is decided by a value without IO; this executes it.
public final class BatchRunner: Sendable {
    /// What has been counted so far.
    public struct Counts: Equatable, Sendable {
        /// Lines that the consumer has taken.
        public var events = 0
        /// Their size as they came, in bytes.
        public var bytes = 0
        /// How many times it has taken some.
        public var batches = 0
        /// How many attempts failed, of ticks and reopening too.
        public var failures = 0
        /// How many deliveries were not the first attempt.
        public var retries = 0
        /// Lines that were put among the dead letters.
        public var givenUp = 0
        /// Whether the consumer keeps failing, and is tried at a slow pace only.
        public var isCircuitOpen = false
    }

    /// Where events go that no further attempt can help. The batch is acknowledged when this returns.
    public typealias DeadLetters = @Sendable (EventBatch, ConsumerFailure, _ attempts: Int) async -> Void

    enum Message: Sendable {
        case took(EventBatch?)
        case finished(any BatchConsumer, ConsumerFailure?)
        case reopen
        case finish(by: ContinuousClock.Instant)
        case timePassed(ContinuousClock.Instant)
    }

    let feed: any Feed
    let policy: DeliveryPolicy
    let generator: any RandomNumberGenerator & Sendable
    let deadLetters: DeadLetters
    let notify: @Sendable (DeliveryNotice) -> Void
    let now: @Sendable () -> ContinuousClock.Instant
    let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void
    let inbox = Inbox<Message>()
    private let counted = Mutex(Counts())

    /// Creates a runner that has done nothing yet.
    ///
    /// - Parameters:
    ///   - feed: where the events come from.
    ///   - policy: how a failing consumer is treated.
    ///   - clock: what time it is; tests advance their own.
    ///   - generator: where the jitter of pauses comes from.
    ///   - deadLetters: where events go that are given up.
    ///   - notify: told what happens; must not block.
    public init<Time: Clock>(
        feed: any Feed, policy: DeliveryPolicy = DeliveryPolicy(), clock: Time = ContinuousClock(),
        generator: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        deadLetters: @escaping DeadLetters = { _, _, _ in },
        notify: @escaping @Sendable (DeliveryNotice) -> Void
    ) where Time.Instant == ContinuousClock.Instant {
        self.feed = feed
        self.policy = policy
        self.generator = generator
        self.deadLetters = deadLetters
        self.notify = notify
        now = { clock.now }
        sleep = { try await clock.sleep(until: $0, tolerance: nil) }
    }

    /// What has been counted so far.
    public var counts: Counts { counted.withLock { $0 } }

    /// How far the consumer is behind.
    public var lag: Lag { feed.lag }

    /// Lets the consumer open its files anew, as soon as it is not busy.
    public func reopen() { inbox.post(.reopen) }

    /// Gives the consumer until then to take what the feed still has. The feed itself is finished by its owner; without
    /// that, ``run(_:)`` returns at the deadline.
    public func finish(by deadline: ContinuousClock.Instant) { inbox.post(.finish(by: deadline)) }

    /// Runs until the feed is finished and everything is delivered, the consumer is of no use any more, or the time is
    /// up; then closes the consumer. Cancelling the task means that the time is up.
    ///
    /// An operation of the consumer that ignores its cancellation is waited for.
    public func run(_ consumer: some BatchConsumer) async {
        await withTaskCancellationHandler {
            var execution = BatchExecution(consumer, for: self)
            await execution.run()
        } onCancel: {
            finish(by: now())
        }
    }

    func count(_ change: (inout Counts) -> Void) { counted.withLock { change(&$0) } }
}
