import ArgumentParser
import Events
import Glibc
import Journal
import Logging

/// `kazoo-subscribe journal verify`: whether everything in the journal is as it should be.
struct VerifyJournal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the file, every event, every cursor and every dead letter.",
        usage: "kazoo-subscribe journal verify [--journal <file>] [--output <form>]",
        discussion: """
            Nothing is changed. The exit code is 0, or 65 where something is wrong; what can be done about damage, \
            kazoo-subscribe run does by itself. It takes some seconds for each gigabyte.

              kazoo-subscribe journal verify
              kazoo-subscribe journal verify --journal journal.sqlite.damaged-*
            """)

    @OptionGroup var options: JournalOptions

    @Option(help: ArgumentHelp("text: for people. json: one object a line for each part.", valueName: "form"))
    var output = Doctor.Form.text

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        try await Failure.exit(logging.makeLogger()) {
            let path = try options.path()
            let isGood = try JournalOptions.told { try verify(path) }
            if !isGood { throw ExitCode.dataError }
        }
    }

    /// - Returns: whether nothing is wrong.
    private func verify(_ path: String) throws -> Bool {
        let browser = try JournalBrowser(path: path)
        let writer = VerificationText(
            isJSON: output == .json, colour: Terminal.wantsColour(STDOUT_FILENO, logging.colour))
        var (text, isGood) = (OutputText(), true)
        try text.append(writer.header(path))
        for part in JournalInspection.Part.allCases {
            // What is known already is shown before what may take long.
            try text.flush()
            let bar = Shown(ProgressBar("checking \(part.rawValue)", logging))
            defer { bar.bar.clear() }
            let inspection = JournalInspection(browser) { _, fraction in
                bar.bar.show(fraction, "")
                return true
            }
            let finding = try inspection.inspect(part)
            bar.bar.clear()
            isGood = isGood && finding.faults.isEmpty
            try text.append(writer.text(of: finding, in: browser))
        }
        try text.flush()
        return isGood
    }

    /// A bar that an escaping closure moves.
    private final class Shown {
        var bar: ProgressBar
        init(_ bar: ProgressBar) { self.bar = bar }
    }
}

/// What `journal verify` prints.
struct VerificationText {
    let isJSON: Bool
    let colour: Bool

    /// Of which journal the rest tells.
    func header(_ path: String) -> String { isJSON ? "" : TerminalSafe.text(path) + "\n" }

    /// What was found in a part.
    func text(of finding: JournalInspection.Finding, in browser: JournalBrowser) throws(JournalError) -> String {
        guard !isJSON else { return Self.json(finding).json + "\n" }
        let verdict = finding.faults.isEmpty ? paint("32", "ok  ") : paint("31;1", "FAIL")
        let name = finding.part.rawValue
        let padding = String(repeating: " ", count: 14 - name.count)
        let first = "  \(verdict) \(name)\(padding)\(try Self.summary(of: finding, in: browser))\n"
        let indent = String(repeating: " ", count: 21)
        let more = finding.moreFaults > 0 ? ["and \(finding.moreFaults.grouped) more"] : []
        return first + (finding.faults + more).map { "\(indent)\(TerminalSafe.text($0))\n" }.joined()
    }

    private func paint(_ code: String, _ text: String) -> String {
        colour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }

    private static func summary(
        of finding: JournalInspection.Finding, in browser: JournalBrowser
    ) throws(JournalError) -> String {
        switch finding.part {
        case .file:
            let extent = try browser.extent()
            return
                "\(extent.size.formattedSize), \(extent.free.formattedSize) of it free, log \(extent.log.formattedSize), "
                + "tables of version \(extent.version)"
        case .events:
            guard let range = try browser.range(), let oldest = try browser.lines(after: 0, in: range, limit: 1).first
            else { return "none" }
            let newest = try browser.lines(after: range.sequences.upperBound - 1, in: range, limit: 1).first
            return "\(finding.amount.grouped), received from \(oldest.receivedAt) to \((newest ?? oldest).receivedAt)"
        case .cursors: return finding.amount.counted("consumer")
        case .letters: return finding.amount.grouped
        }
    }

    private static func json(_ finding: JournalInspection.Finding) -> JSONValue {
        [
            "part": .string(finding.part.rawValue), "ok": .bool(finding.faults.isEmpty),
            "amount": .number(String(finding.amount)), "faults": .array(finding.faults.map { .string($0) }),
            "more_faults": .number(String(finding.moreFaults)),
        ]
    }
}
