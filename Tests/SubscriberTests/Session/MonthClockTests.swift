import Events
import Testing

@testable import Subscriber

@Suite struct MonthClockTests {
    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    @Test func renewsTwiceAfterTheTurn() throws {
        var clock = MonthClock(now: try moment("2026-11-21T06:00:00Z"))
        #expect(clock.due == (try moment("2026-12-01T00:00:05Z")))
        #expect(clock.silentSince == (try moment("2026-11-30T23:59:00Z")))
        clock.renewed(now: try moment("2026-12-01T00:00:05Z"))
        #expect(clock.due == (try moment("2026-12-01T00:01:05Z")))
        clock.renewed(now: try moment("2026-12-01T00:01:05Z"))
        #expect(clock.due == (try moment("2027-01-01T00:00:05Z")))
    }

    @Test func theTurnItselfIsOfTheNewMonth() throws {
        #expect(MonthClock(now: try moment("2026-12-01T00:00:00Z")).turn == (try moment("2027-01-01T00:00:00Z")))
        #expect(MonthClock(now: try moment("2026-11-30T23:59:59.999999Z")).turn == (try moment("2026-12-01T00:00:00Z")))
        #expect(MonthClock(now: try moment("2028-01-31T12:00:00Z")).turn == (try moment("2028-02-01T00:00:00Z")))
        #expect(MonthClock(now: try moment("2028-02-10T12:00:00Z")).turn == (try moment("2028-03-01T00:00:00Z")))
    }
}
