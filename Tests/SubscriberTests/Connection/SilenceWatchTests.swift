import Testing

@testable import Subscriber

@Suite struct SilenceWatchTests {
    private let start = ContinuousClock().now

    /// A watch that has heard so many events at equal intervals, in seconds, and when it did so last.
    private func watch(events: Int, every interval: Double) -> (SilenceWatch, last: ContinuousClock.Instant) {
        var watch = SilenceWatch()
        for number in 0..<events { watch.heard(events: 1, now: start + .seconds(Double(number) * interval)) }
        return (watch, start + .seconds(Double(events - 1) * interval))
    }

    @Test(arguments: [(0.01, 30.0), (1, 30), (10, 200)]) func suspectsAnUnusualSilence(
        _ interval: Double, _ silence: Double
    ) throws {
        var (watch, last) = watch(events: 500, every: interval)
        let deadline = try #require(watch.deadline)
        #expect(abs((deadline - last) / .seconds(1) - silence) < 0.5)
        let early = watch.suspects(now: deadline - .milliseconds(1))
        let late = watch.suspects(now: deadline)
        #expect(!early)
        #expect(late)
        // Once for each silence, and again after the next busy time.
        #expect(watch.deadline == nil)
        for number in 0..<50 { watch.heard(events: 1, now: deadline + .seconds(Double(number) * interval)) }
        #expect(watch.deadline != nil)
    }

    @Test func fewEventsSayNothing() {
        #expect(watch(events: 49, every: 0.1).0.deadline == nil)
        #expect(SilenceWatch().deadline == nil)
    }

    @Test func aBurstCountsAsManyEvents() {
        var watch = SilenceWatch()
        watch.heard(events: 1, now: start)
        watch.heard(events: 100, now: start + .seconds(10))
        #expect(watch.deadline == start + .seconds(40))
        watch.heard(events: 0, now: start + .seconds(20))
        #expect(watch.deadline == start + .seconds(40), "nothing was heard")
    }
}
