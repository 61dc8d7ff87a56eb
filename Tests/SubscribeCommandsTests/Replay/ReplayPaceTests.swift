import Events
import Testing

@testable import SubscribeCommands

@Suite struct ReplayPaceTests {
    private let start = ContinuousClock.now

    private func recorded(_ seconds: Int64...) -> [Timestamp] {
        seconds.map { Timestamp(microseconds: $0 * 1_000_000) }
    }

    @Test func `events come as they came`() {
        var pace = ReplayPace(speed: 1)
        let events = recorded(100, 100, 103, 110)
        #expect(pace.due(of: events, now: start) == 2, "the first is due at once")
        #expect(pace.due(of: events[2...], now: start + .seconds(2)) == 0)
        #expect(pace.instant(of: events[2], now: start + .seconds(2)) == start + .seconds(3))
        #expect(pace.due(of: events[2...], now: start + .seconds(3)) == 1)
        #expect(pace.due(of: events[3...], now: start + .seconds(10)) == 1)
    }

    @Test func `faster or slower`() {
        for (speed, seconds) in [(10.0, 1.0), (0.5, 20.0)] {
            var pace = ReplayPace(speed: speed)
            _ = pace.due(of: recorded(50), now: start)
            #expect(pace.instant(of: recorded(60)[0], now: start) == start + .seconds(seconds))
        }
    }

    @Test func `who was late catches up`() {
        var pace = ReplayPace(speed: 1)
        _ = pace.due(of: recorded(0 + 1), now: start)
        #expect(pace.due(of: recorded(2, 3, 4, 5), now: start + .seconds(3)) == 3)
    }

    @Test func `without a speed everything is due`() {
        var pace = ReplayPace(speed: nil)
        #expect(pace.due(of: recorded(1, 1_000_000), now: start) == 2)
    }

    @Test func `what has no time, or goes back in time, does not wait`() {
        var pace = ReplayPace(speed: 1)
        _ = pace.due(of: recorded(100), now: start)
        #expect(pace.due(of: recorded(0, 90, 100), now: start + .seconds(1)) == 3)
    }
}
