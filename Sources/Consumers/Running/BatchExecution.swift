import Events

/// One run of a ``BatchRunner``: executes what ``BatchMachine`` decides, in child tasks that end with it.
struct BatchExecution {
    private let runner: BatchRunner
    private var machine: BatchMachine
    /// The consumer; `nil` while a child task works with it.
    private var consumer: (any BatchConsumer)?
    /// What was taken and neither delivered nor given up.
    private var batch: EventBatch?
    /// The earliest time at which a child task will say that time has passed.
    private var alarm: ContinuousClock.Instant?
    private var isEnded = false

    init(_ consumer: some BatchConsumer, for runner: BatchRunner) {
        self.runner = runner
        self.consumer = consumer
        machine = BatchMachine(policy: runner.policy, generator: runner.generator)
    }

    /// Runs until the machine ends, and closes the consumer.
    mutating func run() async {
        await withDiscardingTaskGroup { group in
            await perform(machine.start(next: consumer?.deadline, now: runner.now()), in: &group)
            while !isEnded {
                setAlarm(in: &group)
                for message in await runner.inbox.take() where !isEnded {
                    await perform(read(message), in: &group)
                }
            }
            group.cancelAll()
        }
        await close()
    }

    private mutating func close() async {
        guard var consumer else { preconditionFailure("the machine ends when no operation is under way") }
        do throws(ConsumerFailure) {
            try await consumer.close()
        } catch {
            runner.notify(.closeFailed(error))
        }
        let missing = runner.lag.events
        if missing > 0 { runner.notify(.notDelivered(events: missing)) }
    }

    // MARK: Inputs

    private mutating func read(_ message: BatchRunner.Message) -> [BatchMachine.Action] {
        let now = runner.now()
        switch message {
        case .took(let batch):
            self.batch = batch
            return machine.took(batch != nil, now: now)
        case .finished(let consumer, let failure):
            self.consumer = consumer
            let next = consumer.deadline
            guard let failure else { return machine.succeeded(next: next, now: now) }
            runner.count { $0.failures += 1 }
            return machine.failed(failure, next: next, now: now)
        case .reopen: return machine.reopen(now: now)
        case .finish(let deadline): return machine.finish(by: deadline, now: now)
        case .timePassed(let time):
            if alarm == time { alarm = nil }
            return machine.tick(now: now)
        }
    }

    private mutating func setAlarm(in group: inout DiscardingTaskGroup) {
        guard let deadline = machine.deadline, alarm.map({ deadline < $0 }) ?? true else { return }
        alarm = deadline
        group.addTask { [runner] in
            do {
                try await runner.sleep(deadline)
                runner.inbox.post(.timePassed(deadline))
            } catch {
                // Cancelled: the run ends, and nobody waits for the time any more.
            }
        }
    }

    // MARK: Actions

    private mutating func perform(_ actions: [BatchMachine.Action], in group: inout DiscardingTaskGroup) async {
        for action in actions {
            switch action {
            case .take:
                group.addTask { [runner] in
                    runner.inbox.post(.took(await runner.feed.next(limit: runner.policy.batchLimit)))
                }
            case .deliver(let attempt):
                guard let batch else { preconditionFailure("the machine delivers what was taken") }
                if attempt > 1 { runner.count { $0.retries += 1 } }
                operate(in: &group) { (consumer) async throws(ConsumerFailure) in try await consumer.deliver(batch) }
            case .tick:
                let now = runner.now()
                operate(in: &group) { (consumer) async throws(ConsumerFailure) in try await consumer.tick(now: now) }
            case .reopen:
                operate(in: &group) { (consumer) async throws(ConsumerFailure) in try await consumer.reopen() }
            case .acknowledge:
                finishBatch { counts, batch in
                    counts.events += batch.count
                    counts.bytes += batch.bytes.count
                    counts.batches += 1
                }
            case .giveUp(let failure, let attempts):
                guard let batch else { preconditionFailure("the machine gives up what was taken") }
                await runner.deadLetters(batch, failure, attempts)
                finishBatch { counts, batch in counts.givenUp += batch.count }
                runner.notify(.gaveUp(failure, events: batch.count, attempts: attempts))
            case .notify(let notice): runner.notify(notice)
            case .cancel: group.cancelAll()
            case .end: isEnded = true
            }
        }
        runner.count { $0.isCircuitOpen = machine.circuit.isOpen }
    }

    private mutating func operate(
        in group: inout DiscardingTaskGroup,
        _ operation: @escaping @Sendable (inout any BatchConsumer) async throws(ConsumerFailure) -> Void
    ) {
        guard let idle = consumer else { preconditionFailure("the machine does one thing at a time") }
        consumer = nil
        group.addTask { [inbox = runner.inbox] in
            var consumer = idle
            do throws(ConsumerFailure) {
                try await operation(&consumer)
                inbox.post(.finished(consumer, nil))
            } catch {
                inbox.post(.finished(consumer, error))
            }
        }
    }

    private mutating func finishBatch(_ change: (inout BatchRunner.Counts, EventBatch) -> Void) {
        guard let batch else { preconditionFailure("the machine finishes what was taken") }
        self.batch = nil
        runner.count { change(&$0, batch) }
        if let last = batch.last { runner.feed.acknowledge(through: last.sequence) }
    }
}
