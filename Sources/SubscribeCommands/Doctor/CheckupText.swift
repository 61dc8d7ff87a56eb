import Network
import Threads

/// Writes a check-up for people, one line a step.
struct CheckupText: Sendable {
    /// Coloured marks, or words.
    enum Style: Sendable {
        case marks, words
    }

    var style: Style
    /// How many columns there are; `nil` does not break lines.
    var width: Int?

    /// The width of a step's name, the longest one's.
    private static let titleWidth = 9
    /// The width of a time, as in `999.9 ms`.
    private static let timeWidth = 8

    /// The line above a target's steps.
    func header(of target: Checkup.Target) -> String {
        paint(.bold, target.url.description)
            + (target.isGuess ? paint(.dim, "  (one of Kazoo's usual ports; name yours with --websocket)") : "")
    }

    /// A line that stands until the next one is there.
    func progress(_ words: String) -> String {
        "  " + paint(.dim, "… \(words)")
    }

    /// The line of a step, and those of what to do about it.
    func lines(for result: Checkup.Result) -> [String] {
        let time = result.elapsed.map(Self.time) ?? ""
        let indent = 2 + markWidth + 1 + Self.titleWidth + 2 + Self.timeWidth + 2
        let detail: String
        switch result.outcome {
        case .done(let finding): detail = TerminalSafe.text(finding.detail)
        case .skipped(let cause): detail = "not possible: \(cause.title) failed"
        }
        let columns = Self.pad(result.step.title, to: Self.titleWidth) + "  " + Self.pad(time, left: Self.timeWidth)
        var text = wrap(detail, indent: indent)
        if case .skipped = result.outcome { text = text.map { paint(.dim, $0) } }
        var lines = ["  \(mark(of: result)) \(columns)  \(text.first ?? "")"]
        lines += text.dropFirst().map { Self.pad("", to: indent) + $0 }
        if let advice = result.finding?.advice {
            let arrow = style == .marks ? "→ " : "remedy: "
            for (position, line) in wrap(TerminalSafe.text(advice), indent: indent + arrow.count).enumerated() {
                let lead = position == 0 ? paint(.dim, arrow) : Self.pad("", to: arrow.count)
                lines.append(Self.pad("", to: indent) + lead + line)
            }
        }
        return lines
    }

    /// The last line.
    func line(for verdict: Checkup.Verdict) -> String {
        let message = TerminalSafe.text(verdict.message)
        if style == .words { return verdict.exitCode == 0 ? "ok: \(message)" : "FAIL: \(message)" }
        return verdict.exitCode == 0
            ? paint(.green, "✓") + " " + paint(.bold, message) : paint(.red, "✗") + " " + paint(.bold, message)
    }

    // MARK: Marks and colours

    private enum Paint: String {
        case bold = "1"
        case dim = "2"
        case green = "32"
        case yellow = "33;1"
        case red = "31;1"
    }

    private func paint(_ paint: Paint, _ text: String) -> String {
        style == .marks ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text
    }

    private var markWidth: Int { style == .marks ? 1 : 4 }

    private func mark(of result: Checkup.Result) -> String {
        switch (style, result.finding?.grade) {
        case (.marks, .good): paint(.green, "✓")
        case (.marks, .warning): paint(.yellow, "!")
        case (.marks, .failure): paint(.red, "✗")
        case (.marks, nil): paint(.dim, "–")
        case (.words, .good): "ok  "
        case (.words, .warning): "warn"
        case (.words, .failure): "FAIL"
        case (.words, nil): "skip"
        }
    }

    // MARK: Columns

    /// Milliseconds with one decimal, from a second on seconds.
    static func time(_ duration: Duration) -> String {
        let microseconds = duration.microseconds
        let (tenths, unit) =
            microseconds < 999_950 ? ((microseconds + 50) / 100, "ms") : ((microseconds + 50_000) / 100_000, "s")
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func pad(_ text: String, left width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Breaks a text between words, so that every line fits beside the indent; not where that leaves little room.
    private func wrap(_ text: String, indent: Int) -> [String] {
        guard let width, width - indent >= 30 else { return [text] }
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width - indent {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
