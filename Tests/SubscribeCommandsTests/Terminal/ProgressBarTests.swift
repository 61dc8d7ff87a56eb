import Testing

@testable import SubscribeCommands

@Suite struct ProgressBarTests {
    private final class Screen {
        var texts: [String] = []
    }

    private let screen = Screen()
    private let start = ContinuousClock.now

    private func bar(width: Int? = 60) -> ProgressBar {
        ProgressBar("checking", width: width, now: start) { [screen] in screen.texts.append($0) }
    }

    @Test func `short work shows nothing`() {
        var bar = bar()
        bar.show(0.5, "half", now: start + .milliseconds(299))
        bar.clear()
        #expect(screen.texts == [])
    }

    @Test func `it moves ten times a second, and goes`() {
        var bar = bar()
        for milliseconds in stride(from: 0, to: 1000, by: 10) {
            bar.show(Double(milliseconds) / 1000, "", now: start + .milliseconds(milliseconds))
        }
        bar.clear()
        bar.clear()
        #expect(screen.texts.count == 8, "from 300 to 900 ms, and once to clear")
        #expect(screen.texts.allSatisfy { $0.hasPrefix("\r") && $0.hasSuffix("\u{1b}[K") })
        #expect(screen.texts.last == "\r\u{1b}[K")
    }

    @Test func `nobody watches`() {
        var bar = bar(width: nil)
        bar.show(0.5, { () -> String in fatalError("nobody wants to know") }(), now: start + .seconds(10))
        #expect(screen.texts == [])
    }

    @Test(arguments: [
        (0.0, 60, "checking  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    0 %  12 events"),
        (0.5, 60, "checking  ██████░░░░░░   50 %  12 events  1 min 30 s left"),
        (1.0, 60, "checking  █████████████████████████████  100 %  12 events"),
        (1.7, 60, "checking  █████████████████████████████  100 %  12 events"),
        (0.5, 30, "checking   50 %  12 events  1"),
        (nil, 60, "checking  12 events"),
    ])
    func lines(_ fraction: Double?, _ width: Int, _ line: String) {
        let found = ProgressBar.line("checking", fraction, "12 events", elapsed: .seconds(90), width: width)
        #expect(found == line)
        #expect(found.count < width)
    }
}
