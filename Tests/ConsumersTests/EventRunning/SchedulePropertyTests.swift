import Events
import TestSupport
import Testing

@testable import Consumers

/// Random durations, failures and keys, many times: the promises of the schedule hold whatever happens.
@Suite struct SchedulePropertyTests {
    @Test(arguments: 0..<200) func `the promises hold`(seed: Int) throws {
        var world = World(seed: UInt64(seed))
        try world.run()
        #expect(world.broken == [])
        #expect(world.delivered.union(world.buried).count == world.total, "each event once")
        #expect(world.delivered.isDisjoint(with: world.buried))
        #expect(world.acknowledged == world.total)
    }

    /// A feed, a consumer and dead letters, as good and as bad as chance wills.
    private struct World {
        var generator: SeededGenerator
        let policy: EventRunnerPolicy
        var schedule: EventSchedule
        let total: Int
        private let keyCount: Int
        private let failureRate: Double
        private var given = 0
        private var keys: [Int: String] = [:]
        /// What happens when; the number keeps what happens at once in order.
        private var future: [(at: Double, input: EventSchedule.Input)] = []
        private var now = 0.0
        private let begin = ContinuousClock.now

        var running: Set<Int> = []
        /// Which attempt is to come next.
        var nextAttempt: [Int: Int] = [:]
        var delivered: Set<Int> = []
        var buried: Set<Int> = []
        var acknowledged = 0
        var isFinished = false
        var broken: [String] = []

        init(seed: UInt64) {
            generator = SeededGenerator(seed: seed)
            let concurrency = Int.random(in: 1...8, using: &generator)
            policy = EventRunnerPolicy(
                concurrency: concurrency, orderBy: Bool.random(using: &generator) ? JSONPath("k") : nil,
                attempts: Int.random(in: 1...4, using: &generator),
                backoff: .milliseconds(10) ... .seconds(1), readAhead: Int.random(in: 1...2000, using: &generator),
                suspendAfter: Int.random(in: 1...20, using: &generator))
            schedule = EventSchedule(policy: policy, buries: true)
            total = Int.random(in: 1...150, using: &generator)
            keyCount = Int.random(in: 1...6, using: &generator)
            failureRate = Double.random(in: 0...0.7, using: &generator)
        }

        mutating func run() throws {
            try perform(schedule.start())
            var steps = 0
            while !isFinished {
                steps += 1
                guard steps < 100_000 else { return broken.append("it does not come to an end") }
                let next = future.indices.min { future[$0].at < future[$1].at }
                let alarm = schedule.deadline.map { ($0 - begin) / .seconds(1) }
                let input: EventSchedule.Input
                switch (next, alarm) {
                case (nil, nil): return broken.append("it waits for nothing")
                case (let next?, let alarm) where future[next].at <= alarm ?? .infinity:
                    now = max(now, future[next].at)
                    input = future.remove(at: next).input
                case (_, let alarm):
                    // Clocks tell a little late.
                    now = max(now, (alarm ?? now) + 0.000_001)
                    input = .tick
                }
                note(input)
                try perform(schedule.handle(input, now: begin + .seconds(now), using: &generator))
            }
        }

        private mutating func note(_ input: EventSchedule.Input) {
            switch input {
            case .ended(let ticket, let failure):
                running.remove(ticket)
                if failure == nil, !delivered.insert(ticket).inserted { broken.append("\(ticket) twice") }
                nextAttempt[ticket, default: 1] += 1
            case .buried(let ticket, nil): buried.insert(ticket)
            default: break
            }
        }

        private mutating func perform(_ actions: [EventSchedule.Action]) throws {
            for action in actions {
                switch action {
                case .take: try give()
                case .deliver(let ticket, let attempt): deliver(ticket, attempt)
                case .bury(let ticket, _, _):
                    let isRefused = Double.random(in: 0...1, using: &generator) < 0.1
                    happens(.buried(ticket, isRefused ? ConsumerFailure(.retry, "full") : nil))
                case .acknowledge(let sequence):
                    if Int(sequence) <= acknowledged { broken.append("acknowledged \(sequence) again") }
                    acknowledged = Int(sequence)
                    for ticket in 0..<acknowledged where !delivered.contains(ticket) && !buried.contains(ticket) {
                        broken.append("\(ticket) is acknowledged and not done with")
                    }
                case .finish: isFinished = true
                case .tell: break
                case .cancel: broken.append("nobody asked for an end")
                }
            }
        }

        private mutating func give() throws {
            guard given < total else { return happens(.took(nil)) }
            let count = Int.random(in: 1...min(20, total - given), using: &generator)
            var texts: [String] = []
            for ticket in given..<(given + count) {
                let key = Int.random(in: 0...keyCount, using: &generator)
                if key > 0 { keys[ticket] = String(key) }
                texts.append(key > 0 ? #"{"k":\#(key)}"# : "{}")
            }
            happens(.took(try events(texts, firstSequence: UInt64(given + 1))))
            given += count
        }

        private mutating func deliver(_ ticket: Int, _ attempt: Int) {
            if attempt != nextAttempt[ticket, default: 1] { broken.append("attempt \(attempt) of \(ticket)") }
            if delivered.contains(ticket) || buried.contains(ticket) { broken.append("\(ticket) after its end") }
            running.insert(ticket)
            if running.count > policy.concurrency { broken.append("\(running.count) at once") }
            if policy.orderBy != nil, let key = keys[ticket] {
                for earlier in 0..<ticket where keys[earlier] == key {
                    if !delivered.contains(earlier) && !buried.contains(earlier) {
                        broken.append("\(ticket) passed \(earlier)")
                    }
                }
            }
            let isFailure = Double.random(in: 0...1, using: &generator) < failureRate
            let remedies: [ConsumerFailure.Remedy] = [.retry, .retryWithinLimit, .retryWithinLimit, .giveUp]
            let remedy = remedies.randomElement(using: &generator) ?? .giveUp
            happens(.ended(ticket, isFailure ? ConsumerFailure(remedy, "chance") : nil))
        }

        private mutating func happens(_ input: EventSchedule.Input) {
            future.append((now + Double.random(in: 0...0.2, using: &generator), input))
        }
    }
}
