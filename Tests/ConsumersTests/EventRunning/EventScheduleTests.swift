import Events
import Testing

@testable import Consumers

@Suite struct EventScheduleTests {
    private static let later = ConsumerFailure(.retry, "later")
    private static let bad = ConsumerFailure(.retryWithinLimit, "bad")
    private static let hopeless = ConsumerFailure(.giveUp, "hopeless")
    private static let key = JSONPath("k")
    private static let take = EventSchedule.Action.take(limit: 1 << 16)

    @Test func `no more at once than is allowed, and only the finished beginning is acknowledged`() throws {
        var script = ScheduleScript(EventRunnerPolicy(concurrency: 2))
        #expect(script.schedule.start() == [Self.take])
        #expect(try script.take(0, "----") == [.deliver(0, attempt: 1), .deliver(1, attempt: 1)])
        #expect(script.at(0, .ended(1, nil)) == [.deliver(2, attempt: 1), Self.take])
        #expect(script.at(0, .ended(2, nil)) == [.deliver(3, attempt: 1)])
        #expect(script.at(0, .ended(0, nil)) == [.acknowledge(through: 3)])
        #expect(script.at(0, .took(nil)) == [])
        #expect(script.at(0, .ended(3, nil)) == [.acknowledge(through: 4), .finish(nil)])
        #expect(script.schedule.counters.delivered == 4)
    }

    @Test func `events with one key go one after the other, others pass them`() throws {
        var script = ScheduleScript(EventRunnerPolicy(concurrency: 3, orderBy: Self.key))
        _ = script.schedule.start()
        #expect(try script.take(0, "aab-a").contains(.deliver(3, attempt: 1)))
        #expect(script.schedule.counters.running == 3, "a, b and the one without a key")
        #expect(script.at(0, .ended(2, nil)) == [], "the other two a wait")
        #expect(script.at(0, .ended(0, nil)) == [.acknowledge(through: 1), .deliver(1, attempt: 1)])
        #expect(script.at(0, .ended(1, nil)) == [.acknowledge(through: 3), .deliver(4, attempt: 1)])
    }

    @Test func `a failed event is tried again, and what has its key waits for it`() throws {
        var script = ScheduleScript(EventRunnerPolicy(orderBy: Self.key, attempts: 3))
        _ = script.schedule.start()
        #expect(try script.take(0, "aab") == [.deliver(0, attempt: 1)])
        #expect(
            script.at(0, .ended(0, Self.bad)) == [
                .tell(.retrying(sequence: 1, attempt: 1, Self.bad, after: .seconds(1))), .deliver(2, attempt: 1),
                Self.take,
            ])
        #expect(script.deadline == 1)
        #expect(script.at(0, .ended(2, nil)) == [])
        #expect(script.at(1, .tick) == [.deliver(0, attempt: 2)])
        #expect(
            script.at(1, .ended(0, Self.bad)) == [
                .tell(.retrying(sequence: 1, attempt: 2, Self.bad, after: .seconds(2)))
            ])
        #expect(script.deadline == 3)
        #expect(script.at(3, .tick) == [.deliver(0, attempt: 3)])
        #expect(script.at(3, .ended(0, Self.bad)) == [.bury(0, attempts: 3, Self.bad)], "the next one still waits")
        #expect(
            script.at(3, .buried(0, nil)) == [
                .tell(.buried(sequence: 1, attempts: 3, Self.bad)), .acknowledge(through: 1), .deliver(1, attempt: 1),
            ])
    }

    @Test func `later has no end, hopeless comes at once`() throws {
        var script = ScheduleScript(
            EventRunnerPolicy(attempts: 2, backoff: .seconds(1) ... .seconds(4), suspendAfter: 100))
        _ = script.schedule.start()
        _ = try script.take(0, "--")
        var now = 0.0
        for (attempt, wait) in zip(1..., [1.0, 2, 4, 4, 4, 4]) {
            let told = EventRunnerNotice.retrying(sequence: 1, attempt: attempt, Self.later, after: .seconds(wait))
            #expect(script.at(now, .ended(0, Self.later)).contains(.tell(told)))
            if attempt == 1 {
                #expect(script.at(now, .ended(1, Self.hopeless)) == [.bury(1, attempts: 1, Self.hopeless)])
            }
            now += wait
            #expect(script.at(now, .tick) == [.deliver(0, attempt: attempt + 1)])
        }
        #expect(script.at(now, .buried(1, nil)) == [.tell(.buried(sequence: 2, attempts: 1, Self.hopeless))])
        #expect(script.at(now, .ended(0, nil)) == [.acknowledge(through: 2)])
    }

    @Test func `dead letters that cannot be written hold the event`() throws {
        var script = ScheduleScript(EventRunnerPolicy())
        let full = ConsumerFailure(.retry, "disk full")
        _ = script.schedule.start()
        _ = try script.take(0, "-")
        #expect(script.at(0, .ended(0, Self.hopeless)) == [.bury(0, attempts: 1, Self.hopeless)])
        #expect(
            script.at(0, .buried(0, full)) == [.tell(.letterRefused(sequence: 1, full, after: .seconds(1)))])
        #expect(script.at(1, .tick) == [.bury(0, attempts: 1, Self.hopeless)])
        #expect(
            script.at(1, .buried(0, nil)) == [
                .tell(.buried(sequence: 1, attempts: 1, Self.hopeless)), .acknowledge(through: 1),
            ])
    }

    @Test func `without dead letters an event is lost, and that is said`() throws {
        var script = ScheduleScript(EventRunnerPolicy(), buries: false)
        _ = script.schedule.start()
        _ = try script.take(0, "-")
        #expect(
            script.at(0, .ended(0, Self.hopeless)) == [
                .tell(.lost(sequence: 1, attempts: 1, Self.hopeless)), .acknowledge(through: 1),
            ])
        #expect(script.schedule.counters.lost == 1)
    }

    // MARK: Everything fails

    @Test func `when everything fails, one event at a time is tried`() throws {
        var script = ScheduleScript(EventRunnerPolicy(concurrency: 2, suspendAfter: 2))
        _ = script.schedule.start()
        _ = try script.take(0, "-----")
        _ = script.at(0, .ended(0, Self.later))
        #expect(
            script.at(0, .ended(1, Self.later)) == [
                .tell(.suspended(failures: 2, Self.later, after: .seconds(1))),
                .tell(.retrying(sequence: 2, attempt: 1, Self.later, after: .seconds(1))),
            ])
        #expect(script.at(0.5, .ended(2, Self.later)).count == 1, "what was begun before changes nothing")
        #expect(script.deadline == 1)
        #expect(script.at(1, .tick) == [.deliver(0, attempt: 2)], "the oldest, and no other")
        #expect(
            script.at(1, .ended(0, Self.later)).first
                == .tell(.suspended(failures: 4, Self.later, after: .seconds(2))))
        #expect(script.at(3, .tick) == [.deliver(0, attempt: 3)])
        #expect(
            script.at(3, .ended(0, nil)) == [
                .tell(.resumed), .acknowledge(through: 1), .deliver(1, attempt: 2), .deliver(2, attempt: 2),
            ])
        #expect(!script.schedule.counters.isSuspended)
    }

    @Test func `an event at fault says nothing about the others`() throws {
        var script = ScheduleScript(EventRunnerPolicy(suspendAfter: 1))
        _ = script.schedule.start()
        _ = try script.take(0, "---")
        _ = script.at(0, .ended(0, Self.later))
        #expect(script.at(1, .tick) == [.deliver(0, attempt: 2)])
        #expect(
            script.at(1, .ended(0, Self.hopeless)) == [.bury(0, attempts: 2, Self.hopeless), .deliver(1, attempt: 1)],
            "another one is tried in its place")
    }

    @Test func `while nothing can begin, nobody is woken in vain`() throws {
        var script = ScheduleScript(EventRunnerPolicy(concurrency: 2, suspendAfter: 1))
        _ = script.schedule.start()
        _ = try script.take(0, "---")
        _ = script.at(0, .ended(0, Self.later))
        #expect(script.at(1, .tick) == [.deliver(0, attempt: 2)], "beside the one that runs on")
        #expect(script.deadline == nil)
    }

    // MARK: The end

    @Test func `where the feed remembers, what runs may end and nothing more begins`() throws {
        var script = ScheduleScript(EventRunnerPolicy(concurrency: 2, unfinished: .leave))
        _ = script.schedule.start()
        _ = try script.take(0, "---")
        #expect(script.at(0, .stop(by: script.moment(5))) == [])
        #expect(script.deadline == 5)
        #expect(script.at(1, .ended(0, nil)) == [.acknowledge(through: 1)])
        #expect(
            script.at(2, .ended(1, nil)) == [.acknowledge(through: 2), .tell(.unfinished(events: 1)), .finish(nil)])
    }

    @Test func `where it does not, everything is delivered that can be`() throws {
        var script = ScheduleScript(EventRunnerPolicy(unfinished: .bury))
        _ = script.schedule.start()
        _ = try script.take(0, "--")
        #expect(script.at(0, .stop(by: script.moment(5))) == [])
        #expect(script.at(1, .ended(0, nil)) == [.acknowledge(through: 1), .deliver(1, attempt: 1), Self.take])
        #expect(script.at(2, .took(nil)) == [])
        #expect(script.at(2, .ended(1, nil)) == [.acknowledge(through: 2), .finish(nil)])
    }

    @Test func `after the grace period the rest goes among the dead letters`() throws {
        var script = ScheduleScript(EventRunnerPolicy(orderBy: Self.key, unfinished: .bury))
        let stopped = ConsumerFailure(.giveUp, "the program was stopped before the event could be delivered")
        _ = script.schedule.start()
        _ = try script.take(0, "aab")
        _ = script.at(0, .stop(by: script.moment(5)))
        #expect(script.at(5, .tick) == [.cancel, .bury(1, attempts: 0, stopped), .bury(2, attempts: 0, stopped)])
        #expect(script.at(5, .buried(2, nil)) == [.tell(.buried(sequence: 3, attempts: 0, stopped))])
        #expect(script.at(5, .ended(0, Self.bad)) == [.bury(0, attempts: 0, stopped)], "cut short is no attempt")
        #expect(script.at(5, .buried(1, Self.later)) == [], "there is no time to try that again")
        #expect(
            script.at(5, .buried(0, nil)) == [
                .tell(.buried(sequence: 1, attempts: 0, stopped)), .acknowledge(through: 1),
                .tell(.unfinished(events: 1)), .finish(nil),
            ])
    }

    @Test func `what comes too late goes there too`() throws {
        var script = ScheduleScript(EventRunnerPolicy(unfinished: .bury))
        let stopped = ConsumerFailure(.giveUp, "the program was stopped before the event could be delivered")
        #expect(script.schedule.start() == [Self.take])
        #expect(script.at(0, .abort) == [.cancel])
        #expect(try script.take(0, "-") == [.bury(0, attempts: 0, stopped)])
        #expect(script.at(0, .buried(0, nil)).last == .finish(nil))
    }

    @Test func `a consumer that is of no use ends it all`() throws {
        var script = ScheduleScript(EventRunnerPolicy(concurrency: 2, unfinished: .bury))
        let gone = ConsumerFailure(.stop, "the reader has gone")
        _ = script.schedule.start()
        _ = try script.take(0, "---")
        #expect(script.at(0, .ended(0, gone)) == [.cancel])
        #expect(script.at(0, .ended(1, nil)) == [], "the feed has been asked for more")
        #expect(script.at(0, .took(nil)) == [.tell(.unfinished(events: 2)), .finish(gone)])
    }

    @Test func `no more is taken than is needed`() throws {
        var script = ScheduleScript(EventRunnerPolicy(orderBy: Self.key, readAhead: 64))
        #expect(script.schedule.start() == [.take(limit: 64)])
        #expect(try script.take(0, "aaaaaaa") == [.deliver(0, attempt: 1)], "they are all behind the first, and enough")
        #expect(script.at(0, .ended(0, nil)).contains(.take(limit: 64)))
    }

    @Test func `waits double from the first to the longest`() {
        let retry = Retry(backoff: .seconds(1) ... .seconds(300))
        #expect(
            [1, 2, 5, 9, 10, 1000].map { retry.delay(failures: $0, jitter: 1) }
                == [1, 2, 16, 256, 300, 300].map { .seconds($0) })
        #expect(retry.delay(failures: 5, jitter: 0.5) == .seconds(8))
        #expect(retry.delay(failures: 5, jitter: 0) == .zero)
    }
}
