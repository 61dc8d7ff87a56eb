import Glibc

/// Writes the report of a check-up to standard output, each line at once.
struct DoctorWriter: Sendable {
    private let form: Doctor.Form
    private let text: CheckupText
    /// Whether somebody watches, who wants to know what is being waited for.
    private let showsProgress: Bool
    private var isFirst = true
    /// Whether everything could be written, as far as anybody wanted to read it.
    private(set) var isWritten = true

    init(_ form: Doctor.Form, colour: ColourChoice) {
        self.form = form
        let style: CheckupText.Style = Terminal.wantsColour(STDOUT_FILENO, colour) ? .marks : .words
        text = CheckupText(style: style, width: Terminal.width(STDOUT_FILENO))
        showsProgress = style == .marks && Terminal.isTerminal(STDOUT_FILENO)
    }

    mutating func write(_ report: DoctorRun.Report) {
        switch (form, report) {
        case (.json, .result(let result)):
            write(CheckupJSON.line(for: result) + "\n")
        case (.json, _): break
        case (.text, .begins(let target)):
            write(clearing + (isFirst ? "" : "\n") + text.header(of: target) + "\n")
            isFirst = false
        case (.text, .doing(let words)):
            if showsProgress { write(clearing + text.progress(words)) }
        case (.text, .result(let result)):
            write(clearing + text.lines(for: result).map { $0 + "\n" }.joined())
        }
    }

    mutating func write(_ verdict: Checkup.Verdict) {
        switch form {
        case .json: write(CheckupJSON.line(for: verdict) + "\n")
        case .text: write(clearing + "\n" + text.line(for: verdict) + "\n")
        }
    }

    /// Takes the progress line away.
    private var clearing: String { showsProgress ? "\r\u{1b}[K" : "" }

    private mutating func write(_ text: String) {
        // A reader that has gone, such as head, has read what it wanted.
        if !LineOutput.write(text, to: STDOUT_FILENO), errno != EPIPE { isWritten = false }
    }
}

extension Terminal {
    /// How many columns a terminal has; `nil` where there is no terminal.
    static func width(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard isTerminal(descriptor), ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
