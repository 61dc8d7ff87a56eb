import Events
import Testing

@testable import Settings

/// What a value may be, and what it means, is said by its key.
@Suite struct ReadingTests {
    private func read<Value>(_ text: String, _ reading: Reading<Value>) -> (value: Value?, problems: [String]) {
        let document = YAMLDocument("key: " + text, file: "FILE")
        var findings = Findings(document.problems) { _, _ in .good }
        let value = document.root?["key"].flatMap { reading.read($0, &findings).value }
        return (value, findings.problems.map(\.description))
    }

    private func problem<Value>(_ text: String, _ reading: Reading<Value>) -> String? {
        let (value, problems) = read(text, reading)
        #expect(value == nil)
        #expect(problems.count == 1)
        return problems.first
    }

    @Test(arguments: ["no", "1e3", "0123", "call.*.*", "true", "2026-11-21", "1_000", "0x1F", ".inf", "12:30:45"])
    func aTextIsWhatIsWritten(_ text: String) {
        #expect(read(text, .text).value == text)
    }

    @Test(arguments: [
        ("", "a text is missing here; leave the key out if it is not needed"),
        ("''", "a text is expected here, not an empty text"),
        ("null", "a text is expected here, not null; leave the key out, or write it in quotes if the text is meant"),
        ("~", "a text is expected here, not ~; leave the key out, or write it in quotes if the text is meant"),
        ("[a]", "a text is expected here, not a list"),
        ("{a: b}", "a text is expected here, not keys with values"),
        (
            "{data.id}",
            "a text is expected here, not keys with values; if the text “{data.id}” is meant, write it in quotes"
        ),
        (#""a\0b""#, "a text cannot hold the character NUL"),
    ])
    func whatIsNoText(_ text: String, _ message: String) throws {
        let said = try #require(problem(text, .text))
        #expect(said.hasSuffix(": " + message), "\(said)")
    }

    @Test func quotesMakeATextOfEverything() {
        #expect(read("'null'", .text).value == "null")
        #expect(read("''", .literal).value == "")
        #expect(read("null", .literal).value == "null")
    }

    @Test(arguments: [
        ("true", true), ("yes", true), ("ON", true), ("false", false), ("no", false), ("Off", false), ("'true'", true),
    ])
    func booleans(_ text: String, _ value: Bool) {
        #expect(read(text, .boolean).value == value)
    }

    @Test(arguments: ["y", "1", "0", "truth"])
    func noBooleans(_ text: String) {
        #expect(problem(text, .boolean) == "FILE:1:6: “\(text)” is neither true nor false")
    }

    @Test(arguments: [
        ("0123", "“0123” is not a whole number; write digits alone, such as 5"),
        ("1e3", "“1e3” is not a whole number; write digits alone, such as 5"),
        ("-1", "“-1” is not a whole number; write digits alone, such as 5"),
        ("١", "“١” is not a whole number; write digits alone, such as 5"),
        ("101", "“101” is not between 0 and 100"),
        ("99999999999999999999", "“99999999999999999999” is not between 0 and 100"),
    ])
    func noNumbers(_ text: String, _ message: String) {
        #expect(problem(text, .integer(0...100)) == "FILE:1:6: " + message)
    }

    @Test(arguments: [("0", 0), ("7", 7), ("100", 100)])
    func numbers(_ text: String, _ value: Int) {
        #expect(read(text, .integer(0...100)).value == value)
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("12h", .seconds(43_200)),
        ("1d", .seconds(86_400)), ("3650d", .seconds(315_360_000)),
    ])
    func durations(_ text: String, _ value: Duration) {
        #expect(read(text, .duration()).value == value)
    }

    @Test(arguments: [
        (
            "30",
            "“30” is not a length of time; write a whole number and ms, s, m, h or d, such as 30s (did you mean “30s”?)"
        ),
        ("1.5h", "“1.5h” is not a length of time; write a whole number and ms, s, m, h or d, such as 30s"),
        ("1h30m", "“1h30m” is not a length of time; write a whole number and ms, s, m, h or d, such as 30s"),
        ("-1s", "“-1s” is not a length of time; write a whole number and ms, s, m, h or d, such as 30s"),
        ("5M", "“5M” is not a length of time; write a whole number and ms, s, m, h or d, such as 30s"),
        ("0s", "“0s” is not between 1s and 1h"),
        ("61m", "“61m” is not between 1s and 1h"),
        ("9223372036854775807d", "“9223372036854775807d” is not between 1s and 1h"),
        (
            "99999999999999999999d",
            "“99999999999999999999d” is not a length of time; write a whole number and ms, s, m, h or d, such as 30s"
        ),
    ])
    func noDurations(_ text: String, _ message: String) {
        #expect(problem(text, .duration(.seconds(1)...(.seconds(3600)))) == "FILE:1:6: " + message)
    }

    @Test func ranges() {
        #expect(read("1s..5m", .durations).value == Duration.seconds(1)...Duration.seconds(300))
        #expect(read("1s..1000ms", .durations).value == Duration.seconds(1)...Duration.seconds(1))
        #expect(problem("5m..1s", .durations) == "FILE:1:6: “5m..1s” goes from the longer to the shorter")
        #expect(
            problem("5m", .durations)
                == "FILE:1:6: “5m” is not the way from one length of time to another: 1s..5m")
        #expect(problem("1s..", .durations)?.contains("“” is not a length of time") == true)
    }

    @Test(arguments: [
        ("10B", 10), ("64KiB", 65_536), ("1kB", 1000), ("100MB", 100_000_000), ("2GB", 2_000_000_000),
        ("2gb", 2_000_000_000),
        ("1MiB", 1_048_576), ("1TiB", 1 << 40),
    ])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(read(text, .size()).value == bytes)
    }

    @Test(arguments: ["100", "MB", "1.5GB", "-1MB", "1XB", "1 MB"])
    func noSizes(_ text: String) {
        #expect(problem(text, .size())?.hasPrefix("FILE:1:6: “\(text)” is not a size; write") == true)
    }

    @Test func sizesThatAreTooLarge() {
        #expect(problem("9999999999TB", .size())?.contains("is not between 1 and") == true)
        #expect(problem("1B", .size(10...20)) == "FILE:1:6: “1B” is not between 10 and 20 bytes")
    }

    @Test(arguments: [("0640", 0o640), ("640", 0o640), ("0o600", 0o600), ("'0777'", 0o777)] as [(String, UInt32)])
    func fileModes(_ text: String, _ mode: UInt32) {
        #expect(read(text, .fileMode).value == mode)
    }

    @Test(arguments: ["64", "0888", "1777", "u=rw", "-640", "416000"])
    func noFileModes(_ text: String) {
        #expect(
            problem(text, .fileMode) == "FILE:1:6: “\(text)” are no permissions; write three octal digits, such as 0640"
        )
    }

    @Test func choices() {
        #expect(read("always", Reading<FileSettings.Synchronization>.choice).value == .always)
        #expect(
            problem("alway", Reading<FileSettings.Synchronization>.choice)
                == "FILE:1:6: “alway” is not one of never, interval, always (did you mean “always”?)")
        #expect(
            problem("pretty", Reading<OutputFormat>.choice(of: ConsumerSettings.outputs))
                == "FILE:1:6: “pretty” is not one of raw, envelope, cloudevents")
    }

    @Test func paths() {
        #expect(read("/etc/x", .path).value == "/etc/x")
        #expect(problem("etc/x", .path) == "FILE:1:6: “etc/x” is not an absolute path; write it from /")
        #expect(
            problem("~/x", .path)
                == "FILE:1:6: “~/x” is not an absolute path; ~ stands for nothing here; write the path out, from /")
        // A shell knows where it is.
        var findings = Findings { _, _ in .good }
        #expect(Reading.path.read(YAMLNode(text: "x", origin: .option("--cacert")), &findings).value == "x")
    }

    @Test func lists() {
        #expect(read("[a, b]", .list(.text)).value == ["a", "b"])
        #expect(read("", .list(.text)).value == [])
        #expect(problem("a", .list(.text)) == "FILE:1:6: a list is expected here, not “a”")
        #expect(read("a", .oneOrMore(.text)).value == ["a"])
        let (kept, problems) = read("[a, [b], c]", .list(.text))
        #expect(kept == ["a", "c"])
        #expect(problems == ["FILE:1:10: a text is expected here, not a list"])
    }
}
