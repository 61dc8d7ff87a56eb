import Events

/// Decides which event is delivered when, without doing it: order per key, attempts, pauses, what is acknowledged.
///
/// Something happens (``Input``), and the schedule says what is to be done about it (``Action``). Time and chance are
/// parameters. An event that is taken has a ticket; it is *ready*, *running*, *delayed* until its next attempt, *behind*
/// an event with the same key, or being *buried*.
struct EventSchedule {
    typealias Instant = ContinuousClock.Instant
    typealias Ticket = Int

    enum Input: Sendable {
        /// The feed gave events; `nil` at its end.
        case took(EventBatch?)
        /// A delivery has ended; `nil` when it succeeded.
        case ended(Ticket, ConsumerFailure?)
        /// The dead letters have taken an event; or why not.
        case buried(Ticket, ConsumerFailure?)
        /// Time has passed.
        case tick
        /// Deliver what can be delivered until then, and end.
        case stop(by: Instant)
        /// End at once.
        case abort
    }

    enum Action: Equatable {
        /// Ask the feed for so many bytes.
        case take(limit: Int)
        case deliver(Ticket, attempt: Int)
        case bury(Ticket, attempts: Int, ConsumerFailure)
        case acknowledge(through: UInt64)
        case tell(EventRunnerNotice)
        /// Cancel everything that runs.
        case cancel
        /// Nothing more is to be done: normally, or because the consumer is of no use any more.
        case finish(ConsumerFailure?)
    }

    /// An event that was taken and is not settled.
    struct Entry {
        let event: EventBatch
        let sequence: UInt64
        let key: String?
        /// Attempts that have failed.
        var attempts = 0
        /// Those of them that count towards the limit.
        var strikes = 0
        /// How often the dead letters could not take it.
        var refusals = 0
        /// Why it is given up.
        var verdict: ConsumerFailure?
    }

    private enum Phase {
        case live
        /// Asked to end by then.
        case stopping(by: Instant)
        /// Only what runs is waited for.
        case aborted
        case finished
    }

    let policy: EventRunnerPolicy
    /// Whether there are dead letters.
    let buries: Bool
    private(set) var counters = EventRunnerCounters()
    private(set) var entries: [Ticket: Entry] = [:]
    private var phase = Phase.live
    private var failure: ConsumerFailure?
    /// What may be delivered now, the oldest first.
    private var ready: [Ticket] = []
    /// What waits for its next attempt, or to be offered to the dead letters again.
    private var delayed: [Ticket: Instant] = [:]
    /// What waits behind an event with the same key; a key is here as long as an event with it is not settled.
    private var lanes: [String: [Ticket]] = [:]
    private var running: Set<Ticket> = []
    private var burying: Set<Ticket> = []
    private var settled = SettledEvents()
    private var circuit: DeliveryCircuit
    private var nextTicket = 0
    private var heldBytes = 0
    private var isTaking = false
    private var isFeedAtEnd = false
    private var seen: Instant?

    init(policy: EventRunnerPolicy, buries: Bool) {
        self.policy = policy
        self.buries = buries
        circuit = DeliveryCircuit(threshold: policy.suspensionThreshold)
    }

    /// When ``Input/tick`` is wanted; `nil` for never.
    var deadline: Instant? {
        var moments = Array(delayed.values)
        if circuit.probe == nil, !ready.isEmpty || !delayed.isEmpty, let pause = circuit.pausedUntil {
            moments.append(pause)
        }
        if case .stopping(let end) = phase { moments.append(end) }
        // What was due when something last happened has been seen to, or waits for something else to happen.
        return moments.filter { moment in seen.map { moment > $0 } ?? true }.min()
    }

    /// What is to be done at the beginning.
    mutating func start() -> [Action] {
        var actions: [Action] = []
        takeMore(&actions)
        return actions
    }

    /// Something has happened; what is to be done about it?
    mutating func handle(
        _ input: Input, now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        if case .finished = phase { return [] }
        seen = now
        var actions: [Action] = []
        switch input {
        case .took(let batch): take(batch, &actions)
        case .ended(let ticket, let failure): end(ticket, failure, now, &generator, &actions)
        case .buried(let ticket, let failure): bury(ticket, failure, now, &generator, &actions)
        case .tick: break
        case .stop(let end): if case .live = phase { phase = .stopping(by: end) }
        case .abort: abort(nil, &actions)
        }
        if case .stopping(let end) = phase, now >= end { abort(nil, &actions) }
        wakeDelayed(now, &actions)
        startDeliveries(now, &actions)
        takeMore(&actions)
        finishIfDone(&actions)
        counters.running = running.count
        counters.waiting = entries.count - running.count
        counters.isSuspended = circuit.isSuspended
        return actions
    }

    // MARK: Inputs

    private mutating func take(_ batch: EventBatch?, _ actions: inout [Action]) {
        isTaking = false
        guard let batch else {
            isFeedAtEnd = true
            return
        }
        for position in batch.indices {
            let view = batch[position]
            let key = policy.orderBy.flatMap { view.text(at: $0) }
            let ticket = nextTicket
            nextTicket += 1
            let event = batch.slice(position..<(position + 1))
            heldBytes += event.bytes.count
            entries[ticket] = Entry(event: event, sequence: view.sequence, key: key)
            if case .aborted = phase {
                giveUpAtEnd(ticket, &actions)
                continue
            }
            if let key, lanes[key] != nil {
                lanes[key]?.append(ticket)
            } else {
                if let key { lanes[key] = [] }
                ready.append(ticket)
            }
        }
    }

    private mutating func end(
        _ ticket: Ticket, _ failure: ConsumerFailure?, _ now: Instant,
        _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard running.remove(ticket) != nil, var entry = entries[ticket] else {
            preconditionFailure("a delivery ended that was not running")
        }
        guard let failure else {
            if circuit.succeed() { actions.append(.tell(.resumed)) }
            counters.delivered += 1
            settle(ticket, entry, &actions)
            return
        }
        if case .aborted = phase {
            // It was cut short: that is no attempt, and says nothing about the event.
            giveUpAtEnd(ticket, &actions)
            return
        }
        if failure.remedy == .stop {
            abort(failure, &actions)
            return
        }
        entry.attempts += 1
        if failure.remedy == .giveUp {
            circuit.leave(ticket)
            entries[ticket] = entry
            giveUp(ticket, failure, &actions)
            return
        }
        if failure.remedy == .retryWithinLimit { entry.strikes += 1 }
        entries[ticket] = entry
        let pause = circuit.fail(ticket, now: now) { [policy] in
            policy.retry.delay(failures: $0, using: &generator)
        }
        if let pause {
            actions.append(.tell(.suspended(failures: circuit.failures, failure, after: pause)))
        }
        guard entry.strikes < policy.attempts else {
            giveUp(ticket, failure, &actions)
            return
        }
        let wait = policy.retry.delay(failures: entry.attempts, using: &generator)
        delayed[ticket] = now + wait
        counters.retried += 1
        actions.append(
            .tell(.retrying(sequence: entry.sequence, attempt: entry.attempts, failure, after: wait)))
    }

    private mutating func bury(
        _ ticket: Ticket, _ failure: ConsumerFailure?, _ now: Instant,
        _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard burying.remove(ticket) != nil, var entry = entries[ticket], let verdict = entry.verdict else {
            preconditionFailure("a dead letter was kept that nobody wrote")
        }
        guard let failure else {
            counters.buried += 1
            actions.append(
                .tell(.buried(sequence: entry.sequence, attempts: entry.attempts, verdict)))
            settle(ticket, entry, &actions)
            return
        }
        if case .aborted = phase { return }
        entry.refusals += 1
        entries[ticket] = entry
        let wait = policy.retry.delay(failures: entry.refusals, using: &generator)
        delayed[ticket] = now + wait
        actions.append(.tell(.letterRefused(sequence: entry.sequence, failure, after: wait)))
    }

    // MARK: Ends of an event

    private mutating func giveUp(_ ticket: Ticket, _ failure: ConsumerFailure, _ actions: inout [Action]) {
        guard var entry = entries[ticket] else { return }
        guard buries else {
            counters.lost += 1
            actions.append(.tell(.lost(sequence: entry.sequence, attempts: entry.attempts, failure)))
            settle(ticket, entry, &actions)
            return
        }
        entry.verdict = failure
        entries[ticket] = entry
        burying.insert(ticket)
        actions.append(.bury(ticket, attempts: entry.attempts, failure))
    }

    private mutating func settle(_ ticket: Ticket, _ entry: Entry, _ actions: inout [Action]) {
        entries[ticket] = nil
        heldBytes -= entry.event.bytes.count
        if let sequence = settled.settle(ticket, sequence: entry.sequence) {
            actions.append(.acknowledge(through: sequence))
        }
        guard let key = entry.key else { return }
        if let next = lanes[key]?.first {
            lanes[key]?.removeFirst()
            makeReady(next)
        } else {
            lanes[key] = nil
        }
    }

    private mutating func makeReady(_ ticket: Ticket) {
        if case .aborted = phase { return }
        // Nearly always one of the oldest.
        let position = ready.firstIndex { $0 > ticket } ?? ready.count
        ready.insert(ticket, at: position)
    }

    // MARK: What follows

    private mutating func wakeDelayed(_ now: Instant, _ actions: inout [Action]) {
        if case .aborted = phase { return }
        for ticket in delayed.filter({ $0.value <= now }).keys.sorted() {
            delayed[ticket] = nil
            if let verdict = entries[ticket]?.verdict {
                giveUp(ticket, verdict, &actions)
            } else {
                makeReady(ticket)
            }
        }
    }

    private mutating func startDeliveries(_ now: Instant, _ actions: inout [Action]) {
        guard isStarting else { return }
        while running.count < policy.concurrency, circuit.admits(at: now), let ticket = nextToStart,
            let entry = entries[ticket]
        {
            running.insert(ticket)
            circuit.begin(ticket)
            actions.append(.deliver(ticket, attempt: entry.attempts + 1))
        }
    }

    /// Takes out the oldest event that may be delivered; to find out whether anything can be, one that waits will do.
    private var nextToStart: Ticket? {
        mutating get {
            if !ready.isEmpty { return ready.removeFirst() }
            guard circuit.isSuspended else { return nil }
            guard let ticket = delayed.keys.filter({ entries[$0]?.verdict == nil }).min() else { return nil }
            delayed[ticket] = nil
            return ticket
        }
    }

    /// Whether deliveries may begin.
    private var isStarting: Bool {
        switch phase {
        case .live: true
        case .stopping: policy.unfinished == .bury
        case .aborted, .finished: false
        }
    }

    private mutating func takeMore(_ actions: inout [Action]) {
        guard isStarting, !isTaking, !isFeedAtEnd, ready.count < policy.concurrency, heldBytes < policy.readAhead else {
            return
        }
        isTaking = true
        actions.append(.take(limit: policy.takeLimit))
    }

    // MARK: The end

    private mutating func abort(_ failure: ConsumerFailure?, _ actions: inout [Action]) {
        if case .aborted = phase { return }
        phase = .aborted
        self.failure = failure
        ready = []
        delayed = [:]
        actions.append(.cancel)
        for ticket in entries.keys.sorted() where !running.contains(ticket) && !burying.contains(ticket) {
            giveUpAtEnd(ticket, &actions)
        }
    }

    /// Keeps an event that cannot be delivered any more, where nobody else does.
    private mutating func giveUpAtEnd(_ ticket: Ticket, _ actions: inout [Action]) {
        guard policy.unfinished == .bury, buries, failure == nil, let entry = entries[ticket] else { return }
        let reason = ConsumerFailure(.giveUp, "the program was stopped before the event could be delivered")
        giveUp(ticket, entry.verdict ?? reason, &actions)
    }

    private mutating func finishIfDone(_ actions: inout [Action]) {
        let isIdle = running.isEmpty && burying.isEmpty
        let isDone: Bool =
            switch phase {
            case .live: isFeedAtEnd && entries.isEmpty
            case .stopping: isIdle && (policy.unfinished == .leave || isFeedAtEnd && entries.isEmpty)
            // The feed may have given something just before it was cancelled.
            case .aborted: isIdle && !isTaking
            case .finished: false
            }
        guard isDone else { return }
        phase = .finished
        if !entries.isEmpty { actions.append(.tell(.unfinished(events: entries.count))) }
        actions.append(.finish(failure))
    }
}
