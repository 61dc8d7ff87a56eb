/// Decides what a ``BatchRunner`` does next: deliver, wait, try again, open a circuit, flush, end.
///
/// A value without IO: each input returns the actions that follow from it, and time is an argument. At most one
/// operation of the consumer is under way, and at most one batch is held.
struct BatchMachine: Sendable {
    /// What is to be done.
    enum Action: Equatable, Sendable {
        /// Ask the feed for the next batch; the answer is ``BatchMachine/took(_:now:)``.
        case take
        /// Hand over the batch that is held; the answer is ``BatchMachine/succeeded(next:now:)`` or `failed`.
        case deliver(attempt: Int)
        /// Let the consumer do what is due; the same answers.
        case tick
        /// Let the consumer open its files anew; the same answers.
        case reopen
        /// The batch that is held has been delivered.
        case acknowledge
        /// The batch that is held belongs among the dead letters.
        case giveUp(ConsumerFailure, attempts: Int)
        /// Tell what happened.
        case notify(DeliveryNotice)
        /// The time is up: cancel whatever is under way.
        case cancel
        /// Close the consumer; nothing follows.
        case end
    }

    private enum Operation { case deliver, tick, reopen }

    private let retry: Retry
    private var generator: any RandomNumberGenerator & Sendable
    private(set) var circuit: Circuit

    private var operation: Operation?
    private var isTaking = false
    private var isFeedFinished = false
    private var holdsBatch = false
    /// How often the batch that is held has been tried.
    private var attempts = 0
    private var wantsReopen = false
    private var pausedUntil: ContinuousClock.Instant?
    /// When the consumer wants to be ticked.
    private var nextTick: ContinuousClock.Instant?
    /// A tick that keeps failing must not keep a delivery from being tried.
    private var hasTickFailed = false
    private var expiry: ContinuousClock.Instant?
    private var isExpired = false
    private var isStopped = false
    private var isEnded = false

    init(policy: DeliveryPolicy, generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        retry = policy.retry
        circuit = Circuit(threshold: policy.circuitThreshold)
        self.generator = generator
    }

    /// When ``tick(now:)`` wants to be called; `nil` for not before the next input.
    var deadline: ContinuousClock.Instant? {
        guard !isEnded, !isExpired else { return nil }
        guard operation == nil else { return expiry }
        var due = nextTick
        if let pausedUntil { due = due.map { max($0, pausedUntil) } ?? pausedUntil }
        if holdsBatch, let pausedUntil { due = pausedUntil }
        return [due, expiry].compactMap(\.self).min()
    }

    // MARK: Inputs

    /// Begins.
    ///
    /// - Parameter next: when the consumer wants to be ticked for the first time.
    mutating func start(next: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> [Action] {
        nextTick = next
        return proceed(now: now)
    }

    /// The feed has answered: with a batch, or that it is finished.
    mutating func took(_ hasBatch: Bool, now: ContinuousClock.Instant) -> [Action] {
        precondition(isTaking && !holdsBatch, "one batch at a time, and none that nobody asked for")
        isTaking = false
        if hasBatch { holdsBatch = true } else { isFeedFinished = true }
        return proceed(now: now)
    }

    /// The operation that was under way has succeeded.
    ///
    /// - Parameter next: when the consumer wants to be ticked.
    mutating func succeeded(next: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> [Action] {
        let done = finishOperation(next: next)
        var actions: [Action] = []
        if done == .deliver {
            actions.append(.acknowledge)
            dropBatch()
        }
        if done == .tick { hasTickFailed = false }
        // While a batch waits for its next attempt, only that attempt can show that the consumer works again.
        if !holdsBatch, let recovery = circuit.succeeded(now: now) {
            actions.append(.notify(.recovered(failures: recovery.failures, after: recovery.duration)))
        }
        return actions + proceed(now: now)
    }

    /// The operation that was under way has failed.
    ///
    /// - Parameter next: when the consumer wants to be ticked.
    mutating func failed(
        _ failure: ConsumerFailure, next: ContinuousClock.Instant?, now: ContinuousClock.Instant
    ) -> [Action] {
        let failed = finishOperation(next: next)
        if failed == .tick { hasTickFailed = true }
        if failure.remedy == .stop {
            isStopped = true
            return [.notify(.stopped(failure))] + proceed(now: now)
        }
        // What is cancelled has not failed.
        if isExpired { return proceed(now: now) }
        var actions: [Action] = []
        // An event that nobody can take says nothing about the consumer.
        let isEventAtFault = failed == .deliver && failure.remedy == .giveUp
        if !isEventAtFault { actions += pause(after: failure, now: now) }
        if failed == .deliver, isEventAtFault || retry.isExhausted(after: attempts) {
            actions.append(.giveUp(failure, attempts: attempts))
            dropBatch()
        }
        return actions + proceed(now: now)
    }

    /// The consumer is to open its files anew: at once, also in a pause, because somebody may just have mended them.
    mutating func reopen(now: ContinuousClock.Instant) -> [Action] {
        wantsReopen = true
        return proceed(now: now)
    }

    /// What the feed still has is to be delivered until then; a pause ends, because there may be no later attempt.
    mutating func finish(by deadline: ContinuousClock.Instant, now: ContinuousClock.Instant) -> [Action] {
        expiry = min(expiry ?? deadline, deadline)
        pausedUntil = nil
        return tick(now: now)
    }

    /// Time has passed.
    mutating func tick(now: ContinuousClock.Instant) -> [Action] {
        guard let expiry, expiry <= now, !isExpired, !isEnded else { return proceed(now: now) }
        isExpired = true
        return [.cancel] + proceed(now: now)
    }

    // MARK: Decisions

    private mutating func proceed(now: ContinuousClock.Instant) -> [Action] {
        guard !isEnded else { return [] }
        var actions: [Action] = []
        if operation == nil {
            if isStopped || isExpired || (isFeedFinished && !holdsBatch && !wantsReopen) {
                isEnded = true
                return [.end]
            }
            actions += nextOperation(now: now)
        }
        if !isTaking, !holdsBatch, !isFeedFinished, !isExpired, !isStopped {
            isTaking = true
            actions.append(.take)
        }
        return actions
    }

    private mutating func nextOperation(now: ContinuousClock.Instant) -> [Action] {
        if wantsReopen {
            wantsReopen = false
            pausedUntil = nil
            operation = .reopen
            return [.reopen]
        }
        if let pausedUntil, pausedUntil > now { return [] }
        pausedUntil = nil
        let isTickDue = nextTick.map { $0 <= now } ?? false
        if isTickDue, !(hasTickFailed && holdsBatch) {
            operation = .tick
            return [.tick]
        }
        guard holdsBatch else { return [] }
        operation = .deliver
        attempts += 1
        return [.deliver(attempt: attempts)]
    }

    private mutating func pause(after failure: ConsumerFailure, now: ContinuousClock.Instant) -> [Action] {
        let change = circuit.failed(now: now)
        let pause =
            circuit.isOpen
            ? retry.slowDelay(using: &generator) : retry.delay(failures: circuit.failures, using: &generator)
        pausedUntil = now + pause
        return switch change {
        case .failing: [.notify(.failing(failure, pause: pause))]
        case .opened: [.notify(.circuitOpened(failure, failures: circuit.failures))]
        case nil: []
        }
    }

    private mutating func finishOperation(next: ContinuousClock.Instant?) -> Operation {
        guard let operation else { preconditionFailure("only what is under way can end") }
        self.operation = nil
        nextTick = next
        return operation
    }

    private mutating func dropBatch() {
        holdsBatch = false
        attempts = 0
    }
}
