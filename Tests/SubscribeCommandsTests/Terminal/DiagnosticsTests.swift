import Events
import Logging
import Testing

@testable import SubscribeCommands

@Suite struct DiagnosticsTests {
    // 2026-11-21T02:18:13Z
    private static let time = Timestamp(microseconds: 1_795_227_493_000_000)

    private func line(
        _ form: Diagnostics.Form, _ level: Logger.Level = .notice, _ message: Logger.Message = "logged in",
        _ metadata: Logger.Metadata = ["version": "4.0.0", "account": "a b"]
    ) -> String {
        let event = LogEvent(
            level: level, message: message, metadata: metadata, source: nil, file: #fileID, function: #function,
            line: #line)
        return Diagnostics(Diagnostics.Manner(form, level: .trace)).line(event, at: Self.time)
    }

    @Test func terminal() {
        let form = Diagnostics.Form.terminal(colour: false)
        #expect(line(form) == "kazoo-subscribe: logged in (account a b, version 4.0.0)")
        #expect(line(form, .notice, "x", [:]) == "kazoo-subscribe: x")
        #expect(line(form, .warning, "x", [:]) == "kazoo-subscribe: warning: x")
        #expect(line(form, .error, "x", [:]) == "kazoo-subscribe: error: x")
    }

    @Test func colour() {
        #expect(
            line(.terminal(colour: true), .error, "x", ["k": "v"])
                == "\u{1b}[2mkazoo-subscribe:\u{1b}[0m \u{1b}[31;1merror: \u{1b}[0mx\u{1b}[2m (k v)\u{1b}[0m")
    }

    @Test func plain() {
        #expect(line(.plain) == #"\#(Self.time) notice logged in account="a b" version=4.0.0"#)
        #expect(line(.plain).hasPrefix("2026-11-21T02:18:13"))
    }

    @Test(arguments: [
        (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func journal(_ level: Logger.Level, _ priority: Int) {
        #expect(line(.journal, level, "x", ["k": "v"]) == "<\(priority)>x k=v")
        #expect(line(.journal, level, "x\n  y", [:]) == "<\(priority)>x\n<\(priority)>  y")
    }

    /// One object a line, whatever the message holds.
    @Test func json() throws {
        let text = line(.json, .warning, "a \"b\"\nc", ["k": "v"])
        #expect(
            text == #"{"time":"\#(Self.time)","level":"warning","message":"a \"b\"\nc","k":"v"}"#)
        #expect(try JSONValue(parsing: text)["message"]?.string == "a \"b\"\nc")
    }
}
