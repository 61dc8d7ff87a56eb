import Events
import TestSupport
import Testing

@testable import Consumers

/// A schedule, driven step by step: something happens at a time, and what is to be done about it is compared.
struct ScheduleScript {
    var schedule: EventSchedule
    private let begin = ContinuousClock.now
    private var generator = Always()
    private var sequence: UInt64 = 1

    /// Chance that always draws the longest wait.
    private struct Always: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    init(_ policy: EventRunnerPolicy, buries: Bool = true) {
        schedule = EventSchedule(policy: policy, buries: buries)
    }

    /// What is to be done, pauses in whole seconds.
    mutating func at(_ seconds: Double, _ input: EventSchedule.Input) -> [EventSchedule.Action] {
        schedule.handle(input, now: begin + .seconds(seconds), using: &generator).map { action in
            guard case .tell(let notice) = action else { return action }
            return .tell(Self.rounded(notice))
        }
    }

    /// The feed gives events with these keys, `-` for none.
    mutating func take(_ seconds: Double, _ keys: String) throws -> [EventSchedule.Action] {
        let batch = try events(keys.map { $0 == "-" ? "{}" : #"{"k":"\#($0)"}"# }, firstSequence: sequence)
        sequence += UInt64(batch.count)
        return at(seconds, .took(batch))
    }

    /// When the schedule wants to be asked again, in seconds from the beginning.
    var deadline: Double? { schedule.deadline.map { (($0 - begin) / .seconds(1)).rounded() } }

    /// A moment for an input.
    func moment(_ seconds: Double) -> ContinuousClock.Instant { begin + .seconds(seconds) }

    private static func rounded(_ notice: EventRunnerNotice) -> EventRunnerNotice {
        func round(_ duration: Duration) -> Duration { .seconds((duration / .seconds(1)).rounded()) }
        return switch notice {
        case .retrying(let sequence, let attempt, let failure, let wait):
            .retrying(sequence: sequence, attempt: attempt, failure, after: round(wait))
        case .suspended(let failures, let failure, let pause):
            .suspended(failures: failures, failure, after: round(pause))
        case .letterRefused(let sequence, let failure, let wait):
            .letterRefused(sequence: sequence, failure, after: round(wait))
        default: notice
        }
    }
}
