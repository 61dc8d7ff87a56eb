import Testing

@testable import SubscribeCommands

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (.max, "9,223,372,036,854,775,807"),
    ])
    func grouped(_ number: Int, _ text: String) { #expect(number.grouped == text) }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_549_999, "1.5 MB"), (2_000_000_000, "2.0 GB"),
        (5_000_000_000_000_000, "5000.0 TB"),
    ])
    func sizes(_ number: Int, _ text: String) { #expect(number.formattedSize == text) }

    @Test func counts() {
        #expect(1.counted("event") == "1 event")
        #expect(0.counted("event") == "0 events")
        #expect(2000.counted("event") == "2,000 events")
    }

    @Test func `a table is as wide as it must be, and obeys nobody's escapes`() {
        var table = TextTable([("NAME", .left), ("COUNT", .right), ("WHY", .left)])
        table.append(["archive", "7", "-"])
        table.append(["a", "12,345", "\u{1b}[2J"])
        #expect(
            table.text(colour: false) == """
                NAME      COUNT  WHY
                archive       7  -
                a        12,345  \u{FFFD}[2J

                """)
        #expect(table.text(colour: true).hasPrefix("\u{1b}[1mNAME      COUNT  WHY\u{1b}[0m\n"))
    }
}
