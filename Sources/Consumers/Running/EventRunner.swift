import Events
import Synchronization

/// Delivers the events of a feed one by one, several side by side, until the feed ends or it is asked to stop.
///
/// What is delivered when is decided by ``EventSchedule``; here it is done. Events are acknowledged up to the oldest one
/// that is neither delivered nor among the dead letters, so that nothing is forgotten that finished out of order.
public final class EventRunner: Sendable {
    private let consumer: any EventConsumer
    private let feed: any Feed
    private let policy: EventRunnerPolicy
    private let deadLetters: (any DeadLetterStore)?
    private let tell: @Sendable (EventRunnerNotice) -> Void
    private let counted = Mutex(EventRunnerCounters())
    private let stops: AsyncStream<ContinuousClock.Instant>
    private let stopping: AsyncStream<ContinuousClock.Instant>.Continuation

    /// Creates a runner.
    ///
    /// - Parameters:
    ///   - consumer: who gets the events.
    ///   - feed: where they come from.
    ///   - policy: how they are handed over.
    ///   - deadLetters: where events go that are given up; `nil` to lose them, which is counted and told.
    ///   - tell: hears what happens; called from any thread, must not block.
    public init(
        _ consumer: any EventConsumer, feed: any Feed, policy: EventRunnerPolicy,
        deadLetters: (any DeadLetterStore)?, tell: @escaping @Sendable (EventRunnerNotice) -> Void
    ) {
        self.consumer = consumer
        self.feed = feed
        self.policy = policy
        self.deadLetters = deadLetters
        self.tell = tell
        (stops, stopping) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// What has been done so far.
    public var counters: EventRunnerCounters { counted.withLock { $0 } }

    /// Asks ``run()`` to end, from any thread.
    ///
    /// Where the feed remembers (``EventRunnerPolicy/Unfinished/leave``), nothing more is begun, and what runs may end
    /// within the grace period. Where it does not, what waits is delivered too, as far as the time allows; the feed
    /// should be finished first. After the grace period what runs is cancelled.
    public func stop(within grace: Duration) {
        stopping.yield(.now + grace)
    }

    /// Delivers events until the feed ends or ``stop(within:)`` is called. Cancelling the task is a stop without grace.
    ///
    /// - Throws: the consumer's failure, when it is of no use any more (``ConsumerFailure/Remedy/stop``).
    public func run() async throws(ConsumerFailure) {
        var schedule = EventSchedule(policy: policy, buries: deadLetters != nil)
        var generator = SystemRandomNumberGenerator()
        // The alarm that counts; an earlier one may be set before it rings, and then it rings in vain.
        var alarm: ContinuousClock.Instant?
        let stops = self.stops
        let outcome = await withTaskGroup(of: Occurrence.self) { group -> ConsumerFailure? in
            group.addTask {
                for await deadline in stops { return .input(.stop(by: deadline)) }
                return .input(.abort)
            }
            for action in schedule.start() { perform(action, schedule, &group) }
            while let occurrence = await group.next() {
                if case .alarm(let rung) = occurrence, rung == alarm { alarm = nil }
                let actions = schedule.handle(occurrence.input, now: .now, using: &generator)
                counted.withLock { $0 = schedule.counters }
                for action in actions {
                    if case .finish(let failure) = action {
                        group.cancelAll()
                        return failure
                    }
                    perform(action, schedule, &group)
                }
                guard let deadline = schedule.deadline, alarm.map({ deadline < $0 }) ?? true else { continue }
                alarm = deadline
                group.addTask {
                    await Self.sleep(until: deadline)
                    return .alarm(deadline)
                }
            }
            return nil
        }
        if let outcome { throw outcome }
    }

    private enum Occurrence: Sendable {
        case input(EventSchedule.Input)
        case alarm(ContinuousClock.Instant)

        var input: EventSchedule.Input {
            switch self {
            case .input(let input): input
            case .alarm: .tick
            }
        }
    }

    private func perform(
        _ action: EventSchedule.Action, _ schedule: EventSchedule, _ group: inout TaskGroup<Occurrence>
    ) {
        switch action {
        case .take(let limit):
            group.addTask { [feed] in .input(.took(await feed.next(limit: limit))) }
        case .deliver(let ticket, let attempt):
            guard let event = schedule.entries[ticket]?.event else { return }
            group.addTask { [consumer, policy] in
                .input(.ended(ticket, await consumer.deliver(event, attempt: attempt, within: policy.timeout)))
            }
        case .bury(let ticket, let attempts, let failure):
            guard let deadLetters, let event = schedule.entries[ticket]?.event else { return }
            group.addTask {
                do throws(ConsumerFailure) {
                    try await deadLetters.keep(event, attempts: attempts, failure)
                    return .input(.buried(ticket, nil))
                } catch {
                    return .input(.buried(ticket, error))
                }
            }
        case .acknowledge(let sequence): feed.acknowledge(through: sequence)
        case .tell(let notice): tell(notice)
        case .cancel: group.cancelAll()
        case .finish: break
        }
    }

    /// Sleeps until a moment, or until the task is cancelled, which is as good.
    private static func sleep(until deadline: ContinuousClock.Instant) async {
        do {
            try await ContinuousClock().sleep(until: deadline)
        } catch {}
    }
}
