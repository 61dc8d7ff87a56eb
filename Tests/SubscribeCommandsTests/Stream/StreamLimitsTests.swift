import Testing

@testable import SubscribeCommands

@Suite struct StreamLimitsTests {
    private static let start = ContinuousClock().now

    private func limits(count: Int? = nil, duration: Int? = nil, idle: Int? = nil) -> StreamLimits {
        StreamLimits(
            count: count, duration: duration.map { .seconds($0) }, idle: idle.map { .seconds($0) }, now: Self.start)
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    @Test func withoutLimits() {
        var limits = limits()
        #expect(limits.deadline == nil)
        #expect(limits.admit(1_000_000, now: at(1)) == 1_000_000)
        limits.tick(now: at(1_000_000))
        #expect(limits.reason == nil)
    }

    @Test func count() {
        var limits = limits(count: 5)
        #expect(limits.admit(0, now: at(1)) == 0)
        #expect(limits.admit(3, now: at(1)) == 3)
        #expect(limits.reason == nil)
        #expect(limits.admit(3, now: at(2)) == 2)
        #expect(limits.reason == .count)
        #expect(limits.admit(3, now: at(3)) == 0)
    }

    @Test func exactlyTheCount() {
        var limits = limits(count: 3)
        #expect(limits.admit(3, now: at(1)) == 3)
        #expect(limits.reason == .count)
    }

    @Test func duration() {
        var limits = limits(duration: 10)
        #expect(limits.deadline == at(10))
        #expect(limits.admit(1, now: at(9)) == 1)
        #expect(limits.deadline == at(10), "events do not prolong it")
        limits.tick(now: at(9.9))
        #expect(limits.reason == nil)
        limits.tick(now: at(10))
        #expect(limits.reason == .duration)
        #expect(limits.admit(1, now: at(11)) == 0)
    }

    @Test func idle() {
        var limits = limits(idle: 10)
        #expect(limits.deadline == at(10))
        #expect(limits.admit(1, now: at(9)) == 1)
        #expect(limits.deadline == at(19))
        #expect(limits.admit(0, now: at(15)) == 0)
        #expect(limits.deadline == at(19), "no event is no event")
        limits.tick(now: at(18))
        #expect(limits.reason == nil)
        limits.tick(now: at(19))
        #expect(limits.reason == .idle)
    }

    @Test func firstReasonStands() {
        var limits = limits(count: 1, duration: 10, idle: 5)
        #expect(limits.deadline == at(5))
        #expect(limits.admit(1, now: at(1)) == 1)
        limits.tick(now: at(100))
        #expect(limits.reason == .count)
        var both = self.limits(duration: 10, idle: 10)
        both.tick(now: at(10))
        #expect(both.reason == .duration)
    }
}
