import Testing

@testable import Journal

@Suite struct CommitScheduleTests {
    private let start = ContinuousClock.now
    private var schedule = CommitSchedule(
        interval: .milliseconds(25), size: 1000, cursorInterval: .milliseconds(50))

    private func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func `nothing is due when nothing has come`() {
        #expect(schedule.deadline == nil)
    }

    @Test mutating func `what comes after a pause does not wait`() {
        schedule.eventsCame(waiting: 1, now: after(0))
        #expect(schedule.deadline == after(0))
        schedule.taken(waiting: 0, now: after(0))
        #expect(schedule.deadline == nil)
        schedule.eventsCame(waiting: 1, now: after(30))
        #expect(schedule.deadline == after(30))
    }

    @Test mutating func `what follows waits for the rest of the interval`() {
        schedule.eventsCame(waiting: 1, now: after(0))
        schedule.taken(waiting: 0, now: after(0))
        schedule.eventsCame(waiting: 1, now: after(4))
        schedule.eventsCame(waiting: 2, now: after(9))
        #expect(schedule.deadline == after(25))
    }

    @Test mutating func `much does not wait`() {
        schedule.taken(waiting: 0, now: after(0))
        schedule.eventsCame(waiting: 999, now: after(4))
        #expect(schedule.deadline == after(25))
        schedule.eventsCame(waiting: 1000, now: after(5))
        #expect(schedule.deadline == after(5))
        schedule.taken(waiting: 1500, now: after(6))
        #expect(schedule.deadline == after(6), "still much is left")
        schedule.taken(waiting: 500, now: after(7))
        #expect(schedule.deadline == after(32), "what is left waits as if it had come now")
    }

    @Test mutating func `cursors wait longer, or go with events`() {
        schedule.taken(waiting: 0, now: after(0))
        schedule.cursorsMoved(now: after(10))
        schedule.cursorsMoved(now: after(20))
        #expect(schedule.deadline == after(60))
        schedule.eventsCame(waiting: 1, now: after(30))
        #expect(schedule.deadline == after(30))
        schedule.taken(waiting: 0, now: after(30))
        #expect(schedule.deadline == nil)
    }

    @Test mutating func `somebody who waits does not wait`() {
        schedule.taken(waiting: 0, now: after(0))
        schedule.somebodyWaits(now: after(3))
        #expect(schedule.deadline == after(3))
        schedule.taken(waiting: 0, now: after(3))
        #expect(schedule.deadline == nil)
    }
}
