import Glibc

/// One line on a terminal that shows how far long work is, and goes when it is done; nothing where nobody watches.
struct ProgressBar {
    typealias Instant = ContinuousClock.Instant

    private let label: String
    /// How many columns there are; `nil` where nothing is shown.
    private let width: Int?
    private let write: (String) -> Void
    private let start: Instant
    private var shownAt: Instant?

    /// Short work shows nothing, and the eye needs no more than ten pictures a second.
    private static let (delay, interval) = (Duration.milliseconds(300), Duration.milliseconds(100))

    /// Creates a bar that shows nothing yet.
    ///
    /// - Parameters:
    ///   - label: what is being done.
    ///   - width: how many columns there are; `nil` where nothing is to be shown.
    ///   - write: shows a text.
    init(_ label: String, width: Int?, now: Instant = .now, write: @escaping (String) -> Void) {
        self.label = label
        self.width = width
        self.write = write
        start = now
    }

    /// Creates a bar on standard error, if that is a terminal and nobody wants quiet.
    init(_ label: String, _ logging: LoggingOptions) {
        let width = logging.quiet || logging.form == .json ? nil : Terminal.width(STDERR_FILENO)
        self.init(label, width: width) { _ = LineOutput.write($0, to: STDERR_FILENO) }
    }

    /// Shows how far it is, unless that was shown just now.
    ///
    /// - Parameters:
    ///   - fraction: how much is done, 0 to 1; `nil` where nobody knows.
    ///   - note: what else is to be said, such as a count.
    mutating func show(_ fraction: Double?, _ note: @autoclosure () -> String, now: Instant = .now) {
        guard let width, now - start >= Self.delay, shownAt.map({ now - $0 >= Self.interval }) ?? true else { return }
        shownAt = now
        write("\r" + Self.line(label, fraction, note(), elapsed: now - start, width: width) + "\u{1b}[K")
    }

    /// Takes the line away.
    mutating func clear() {
        guard shownAt != nil else { return }
        shownAt = nil
        write("\r\u{1b}[K")
    }

    /// The line: label, bar, percent, note, and how long it will take from here, as far as there is room.
    static func line(_ label: String, _ fraction: Double?, _ note: String, elapsed: Duration, width: Int) -> String {
        guard let fraction else { return String("\(label)  \(note)".prefix(max(width - 1, 0))) }
        let done = min(max(fraction, 0), 1)
        let percent = String(Int((done * 100).rounded(.down)))
        let number = String(repeating: " ", count: 3 - percent.count) + percent + " %"
        var rest = [number, note]
        // The first guesses are wild.
        if done >= 0.02, done < 1 { rest.append("\(duration(elapsed * ((1 - done) / done))) left") }
        let words = rest.filter { !$0.isEmpty }.joined(separator: "  ")
        let room = min(width - 1 - label.count - words.count - 6, 40)
        guard room >= 10 else { return String("\(label)  \(words)".prefix(max(width - 1, 0))) }
        let full = Int(Double(room) * done)
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
        return "\(label)  \(bar)  \(words)"
    }

    private static func duration(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        if seconds >= 3600 { return "\(seconds / 3600) h \(seconds / 60 % 60) min" }
        return seconds >= 60 ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds) s"
    }
}
