import Testing

@testable import Events

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1_795_225_657_000_125, "2026-11-21T01:47:37.000125Z"),
        (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (951_868_800_000_000, "2000-03-01T00:00:00.000000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
        (1_709_164_800_000_000, "2024-02-29T00:00:00.000000Z"),
        (1_735_689_599_000_001, "2024-12-31T23:59:59.000001Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ])
    func formatsAsRFC3339(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func countsEveryDayUntil2101() {
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<48_000 {
            func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
            let date = Timestamp(microseconds: Int64(number) * 86_400_000_000).description.prefix(10)
            #expect(date == "\(year)-\(padded(month))-\(padded(day))")
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test func convertsGregorianSeconds() throws {
        let moment = try #require(Timestamp(gregorianSeconds: 63_962_445_949))
        #expect(moment.description == "2026-11-21T02:05:49.000000Z")
        #expect(moment.gregorianSeconds == 63_962_445_949)
        #expect(Timestamp(gregorianSeconds: 62_167_219_200) == Timestamp(microseconds: 0))
        #expect(Timestamp(microseconds: -1).gregorianSeconds == 62_167_219_199)
        #expect(Timestamp(gregorianSeconds: .max) == nil)
        #expect(Timestamp(gregorianSeconds: .min) == nil)
    }

    @Test func survivesTheEndsOfTime() {
        #expect(Timestamp(microseconds: .max).description == "294247-01-10T04:00:54.775807Z")
        #expect(Timestamp(microseconds: .min).description == "-290308-12-21T19:59:05.224192Z")
    }

    @Test func orders() {
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
    }
}

@Suite struct TimestampParsingTests {
    @Test(arguments: [
        ("2026-11-21T01:47:37.000125Z", 1_795_225_657_000_125),
        ("2026-11-21T01:47:37Z", 1_795_225_657_000_000),
        ("2026-11-21T02:47:37.5+01:00", 1_795_225_657_500_000),
        ("2026-11-20 20:17:37.1234567-05:30", 1_795_225_657_123_456),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000),
    ])
    func reads(_ text: String, _ microseconds: Int64) {
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-11-21", "2026-11-21T01:47:37", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-00-10T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T01:60:00Z", "2026-11-21T01:47:37.Z",
        "2026-11-21T01:47:37Zulu", "2026-11-21T01:47:37+1:00", "+026-11-21T01:47:37Z",
    ])
    func refuses(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func readsWhatItWrites() {
        for day in stride(from: Int64(-800_000), to: 800_000, by: 997) {
            let moment = Timestamp(microseconds: day * 86_400_000_000 + day)
            guard moment.description.first != "-" else { continue }
            #expect(Timestamp(moment.description) == moment)
        }
    }

    @Test func wholeSeconds() {
        #expect(Timestamp(unixSeconds: 3) == Timestamp(microseconds: 3_000_000))
        #expect(Timestamp(microseconds: 3_999_999).unixSeconds == 3)
        #expect(Timestamp(microseconds: -1).unixSeconds == -1, "rounded down, also before 1970")
        #expect(Timestamp(microseconds: -1_000_000).unixSeconds == -1)
    }

    @Test func momentsAndDurations() {
        let moment = Timestamp(microseconds: 1_500_000)
        #expect(moment + .milliseconds(2_500) == Timestamp(microseconds: 4_000_000))
        #expect(moment - .seconds(2) == Timestamp(microseconds: -500_000), "before 1970")
        #expect(moment + .nanoseconds(1_999) == Timestamp(microseconds: 1_500_001), "whole microseconds")
        #expect(moment - .nanoseconds(1_999) == Timestamp(microseconds: 1_499_999))
        let later = Timestamp(microseconds: 3_000_001)
        #expect(later - moment == .microseconds(1_500_001))
        #expect(moment - later == .microseconds(-1_500_001))
        #expect(moment.duration(to: later) == later - moment && moment.advanced(by: later - moment) == later)
    }
}
