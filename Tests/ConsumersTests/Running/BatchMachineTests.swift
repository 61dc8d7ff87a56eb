import Testing

@testable import Consumers

struct BatchMachineTests {
    private static let start = ContinuousClock().now
    private static let full = ConsumerFailure(.retry, "disk full")
    private static let poison = ConsumerFailure(.giveUp, "not for me")
    private static let gone = ConsumerFailure(.stop, "reader gone")

    private static func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// A generator whose jitter is always the whole bound.
    private struct Longest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private var machine: BatchMachine

    init() {
        machine = BatchMachine(
            policy: DeliveryPolicy(
                retry: Retry(attempts: nil, backoff: .seconds(1) ... .seconds(10)), circuitThreshold: 3),
            generator: Longest())
    }

    /// When the machine wants to be ticked, in seconds.
    private var deadline: Double? { machine.deadline.map { ($0 - Self.start) / .seconds(1) } }

    private mutating func begin(tick: Double? = nil) -> [BatchMachine.Action] {
        machine.start(next: tick.map(Self.at), now: Self.at(0))
    }
    private mutating func take(_ hasBatch: Bool = true, at seconds: Double = 0) -> [BatchMachine.Action] {
        machine.took(hasBatch, now: Self.at(seconds))
    }
    private mutating func succeed(tick: Double? = nil, at seconds: Double = 0) -> [BatchMachine.Action] {
        machine.succeeded(next: tick.map(Self.at), now: Self.at(seconds))
    }
    private mutating func fail(
        _ failure: ConsumerFailure = Self.full, tick: Double? = nil, at seconds: Double = 0
    ) -> [BatchMachine.Action] {
        machine.failed(failure, next: tick.map(Self.at), now: Self.at(seconds))
    }
    private mutating func pass(to seconds: Double) -> [BatchMachine.Action] { machine.tick(now: Self.at(seconds)) }
    private mutating func finish(by deadline: Double, at seconds: Double) -> [BatchMachine.Action] {
        machine.finish(by: Self.at(deadline), now: Self.at(seconds))
    }

    // MARK: Deliveries

    @Test mutating func oneAfterTheOther() {
        #expect(begin() == [.take])
        #expect(take() == [.deliver(attempt: 1)])
        #expect(succeed() == [.acknowledge, .take])
        #expect(take() == [.deliver(attempt: 1)])
        #expect(succeed() == [.acknowledge, .take])
        #expect(deadline == nil)
        #expect(take(false) == [.end])
    }

    @Test mutating func aFailureIsToldOnceAndTriedAgain() {
        _ = begin()
        _ = take()
        #expect(fail(at: 5) == [.notify(.failing(Self.full, pause: .seconds(1)))])
        #expect(deadline == 6)
        #expect(pass(to: 5.9) == [])
        #expect(pass(to: 6) == [.deliver(attempt: 2)])
        #expect(fail(at: 7) == [])
        #expect(deadline == 9)
        #expect(pass(to: 9) == [.deliver(attempt: 3)])
        #expect(succeed(at: 9) == [.acknowledge, .notify(.recovered(failures: 2, after: .seconds(4))), .take])
    }

    /// Told once when it opens, then silence at a slow pace, and told again when it works.
    @Test mutating func circuit() {
        _ = begin()
        _ = take()
        #expect(fail(at: 0) == [.notify(.failing(Self.full, pause: .seconds(1)))])
        #expect(pass(to: 1) == [.deliver(attempt: 2)])
        #expect(fail(at: 1) == [])
        #expect(pass(to: 3) == [.deliver(attempt: 3)])
        #expect(fail(at: 3) == [.notify(.circuitOpened(Self.full, failures: 3))])
        #expect(machine.circuit.isOpen)
        for attempt in 4...20 {
            let time = Double(attempt - 3) * 10 + 3
            #expect(deadline == time)
            #expect(pass(to: time) == [.deliver(attempt: attempt)])
            #expect(fail(at: time) == [])
        }
        #expect(pass(to: 183) == [.deliver(attempt: 21)])
        #expect(succeed(at: 184) == [.acknowledge, .notify(.recovered(failures: 20, after: .seconds(184))), .take])
        #expect(!machine.circuit.isOpen)
    }

    @Test mutating func attemptsRunOut() {
        machine = BatchMachine(
            policy: DeliveryPolicy(
                retry: Retry(attempts: 2, backoff: .seconds(1) ... .seconds(10)), circuitThreshold: 3),
            generator: Longest())
        _ = begin()
        _ = take()
        _ = fail(at: 0)
        #expect(pass(to: 1) == [.deliver(attempt: 2)])
        #expect(fail(at: 1) == [.giveUp(Self.full, attempts: 2), .take])
        // The next batch begins anew, but the consumer still fails and still needs its pause.
        #expect(take(at: 1) == [])
        #expect(deadline == 3)
        #expect(pass(to: 3) == [.deliver(attempt: 1)])
    }

    /// An event that nobody can take is given up at once, and says nothing about the consumer.
    @Test mutating func poison() {
        _ = begin()
        _ = take()
        #expect(fail(Self.poison) == [.giveUp(Self.poison, attempts: 1), .take])
        #expect(machine.circuit.failures == 0)
        #expect(take() == [.deliver(attempt: 1)])
    }

    @Test mutating func useless() {
        _ = begin()
        _ = take()
        #expect(fail(Self.gone) == [.notify(.stopped(Self.gone)), .end])
        #expect(machine.reopen(now: Self.at(1)) == [])
    }

    // MARK: Ticks and reopening

    @Test mutating func ticksWhileNothingComes() {
        #expect(begin(tick: 0) == [.tick, .take])
        #expect(succeed(tick: 1) == [])
        #expect(deadline == 1)
        #expect(pass(to: 1) == [.tick])
        #expect(take(at: 1) == [], "one operation at a time")
        #expect(succeed(tick: 2, at: 1) == [.deliver(attempt: 1)])
        #expect(deadline == nil)
        #expect(succeed(tick: 2, at: 3) == [.acknowledge, .tick, .take])
    }

    /// A tick that keeps failing has its pauses, and lets a batch be tried in between.
    @Test mutating func failingTick() {
        _ = begin(tick: 0)
        #expect(fail(tick: 0, at: 0) == [.notify(.failing(Self.full, pause: .seconds(1)))])
        #expect(deadline == 1)
        #expect(take(at: 0.5) == [])
        #expect(pass(to: 1) == [.deliver(attempt: 1)])
        #expect(
            succeed(tick: 0, at: 1) == [
                .acknowledge, .notify(.recovered(failures: 1, after: .seconds(1))), .tick, .take,
            ])
        #expect(succeed(tick: 2, at: 1) == [])
    }

    /// A tick that works does not say that deliveries do.
    @Test mutating func tickIsNoRecovery() {
        _ = begin()
        _ = take()
        _ = fail(tick: 1, at: 0)
        #expect(pass(to: 1) == [.tick])
        #expect(succeed(tick: 2, at: 1) == [.deliver(attempt: 2)])
        #expect(succeed(at: 1) == [.acknowledge, .notify(.recovered(failures: 1, after: .seconds(1))), .take])
    }

    /// Somebody has mended what was broken and asks for it: nothing waits for the end of a pause.
    @Test mutating func reopenEndsAPause() {
        _ = begin()
        _ = take()
        _ = fail(at: 0)
        #expect(machine.reopen(now: Self.at(0.1)) == [.reopen])
        #expect(succeed(at: 0.2) == [.deliver(attempt: 2)])
        #expect(machine.reopen(now: Self.at(0.3)) == [], "the delivery comes first")
        #expect(succeed(at: 0.4).contains(.reopen))
    }

    // MARK: The end

    @Test mutating func flush() {
        _ = begin()
        _ = take()
        #expect(finish(by: 10, at: 1) == [])
        #expect(deadline == 10)
        #expect(succeed(at: 2) == [.acknowledge, .take])
        #expect(take(at: 2) == [.deliver(attempt: 1)])
        #expect(succeed(at: 3) == [.acknowledge, .take])
        #expect(take(false, at: 3) == [.end])
    }

    /// A pause ends, because there may be no later attempt; failures go on being retried until the deadline.
    @Test mutating func flushOfAFailingConsumer() {
        _ = begin()
        _ = take()
        _ = fail(at: 0)
        #expect(finish(by: 10, at: 0.5) == [.deliver(attempt: 2)])
        #expect(fail(at: 1) == [])
        #expect(deadline == 3)
        #expect(pass(to: 3) == [.deliver(attempt: 3)])
        #expect(fail(at: 3) == [.notify(.circuitOpened(Self.full, failures: 3))])
        #expect(deadline == 10)
        #expect(pass(to: 10) == [.cancel, .end])
    }

    @Test(arguments: [true, false]) mutating func expiryWhileBusy(succeeds: Bool) {
        _ = begin()
        _ = take()
        #expect(finish(by: 10, at: 0.5) == [])
        #expect(pass(to: 10) == [.cancel])
        #expect(deadline == nil, "there is nothing to wait for but the operation")
        #expect((succeeds ? succeed(at: 11) : fail(at: 11)) == (succeeds ? [.acknowledge, .end] : [.end]))
    }

    /// An earlier deadline counts, a later one does not.
    @Test mutating func deadlinesOnlyComeNearer() {
        _ = begin()
        _ = take()
        _ = finish(by: 10, at: 0)
        _ = finish(by: 20, at: 0)
        #expect(deadline == 10)
        #expect(finish(by: 3, at: 5) == [.cancel])
    }
}
