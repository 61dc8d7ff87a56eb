import Testing

@testable import SubscribeCommands

@Suite struct TimeSpanTests {
    @Test(arguments: [
        ("10", 10_000), ("0", 0), ("1.5", 1500), (".5", 500), ("500ms", 500), ("1s", 1000), ("5m", 300_000),
        ("1h", 3_600_000), ("2d", 172_800_000), ("0.25h", 900_000), ("1e2", 100_000),
    ])
    func spans(_ text: String, _ milliseconds: Int) {
        #expect(TimeSpan(argument: text)?.duration == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "s", "ms", "m", "-1", "+1", "1 s", " 1", "1x", "1S", "one", "nan", "inf", "infinity", "1e400", "3653d",
        "1:30",
        "1h30m", "١",
    ])
    func otherTexts(_ text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }
}
