import Events
import Testing

@testable import SubscribeCommands

@Suite struct MomentTests {
    /// Half past two at night, an hour east of UTC.
    private static let now = Timestamp("2026-11-21T01:30:00Z")
    private static let clock = WallClock(zone: .fixed(3600))

    @Test(arguments: [
        ("now", "2026-11-21T01:30:00Z"),
        ("today", "2026-11-20T23:00:00Z"),
        ("yesterday", "2026-11-19T23:00:00Z"),
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"),
        ("2026-11-21T10:00:00.25+02:00", "2026-11-21T08:00:00.25Z"),
        ("2026-11-21", "2026-11-20T23:00:00Z"),
        ("2026-11-21T10:00", "2026-11-21T09:00:00Z"),
        ("2026-11-21 10:00:05", "2026-11-21T09:00:05Z"),
        ("02:30", "2026-11-21T01:30:00Z"),
        ("00:15:30", "2026-11-20T23:15:30Z"),
        // Not yet today: yesterday.
        ("02:31", "2026-11-20T01:31:00Z"),
        ("23:00", "2026-11-20T22:00:00Z"),
        ("90s", "2026-11-21T01:28:30Z"),
        ("2h", "2026-11-20T23:30:00Z"),
        ("1d", "2026-11-20T01:30:00Z"),
    ])
    func moments(_ text: String, _ expected: String) throws {
        let moment = Moment.moment(text, now: try #require(Self.now), clock: Self.clock)
        #expect(moment == Timestamp(expected))
    }

    @Test(arguments: [
        "", "tomorrow", "25:00", "10:60", "10", "10:0", "10:00:60", "1:00", "2026-13-01", "2026-02-30", "2026-1-1",
        "2026-11-21T25:00", "21.11.2026", "-2h", "2 h", "١٠:٠٠", "2026-11-21T10:00Q",
    ])
    func otherTexts(_ text: String) throws {
        #expect(Moment.moment(text, now: try #require(Self.now), clock: Self.clock) == nil)
    }

    @Test func `what is wrong is said with what would be right`() {
        let error = #expect(throws: (any Error).self) { try Moment.parse("noon") }
        #expect("\(String(describing: error))".contains("“noon” is not a moment; write 10:00, "))
    }

    @Test func `the clock on the wall is read and set`() throws {
        let moment = try #require(Timestamp("1969-12-31T23:59:59.5Z"))
        #expect(Self.clock.text(moment) == "1970-01-01 00:59:59")
        #expect(WallClock(zone: .fixed(0)).text(moment) == "1969-12-31 23:59:59")
        for zone in [WallClock.Zone.local, .fixed(-5400)] {
            let clock = WallClock(zone: zone)
            let noon = try #require(Timestamp("2026-06-15T12:00:00Z"))
            #expect(clock.moment(of: clock.reading(at: noon)) == noon)
        }
    }
}
