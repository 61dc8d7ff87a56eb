import Glibc

/// How far long work is, on a line of standard error that is taken away at its end.
struct ProgressLine {
    private let total: Int
    private let isShown: Bool
    private var shown = -1

    /// - Parameters:
    ///   - total: How much there is to be done.
    ///   - isShown: `false` where nobody watches.
    init(of total: Int, isShown: Bool) {
        self.total = max(total, 1)
        self.isShown = isShown
    }

    /// Says how much is done, once for each percent.
    mutating func show(_ work: String, _ done: Int) {
        let percent = Int(Double(done) / Double(total) * 100)
        guard isShown, percent != shown else { return }
        shown = percent
        Self.write("\r\(work): \(percent) %\u{1b}[K")
    }

    /// Takes the line away.
    mutating func clear() {
        guard shown >= 0 else { return }
        shown = -1
        Self.write("\r\u{1b}[K")
    }

    /// What the terminal refuses is lost, and no harm done.
    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
