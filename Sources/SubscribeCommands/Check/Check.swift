import ArgumentParser
import Glibc
import Settings

/// `kazoo-subscribe check`: whether a config file is right.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a config file, and show what is in force.",
        discussion: """
            Everything that is wrong is said at once, each in a line FILE:LINE:COLUMN: MESSAGE on standard error. \
            The exit code is 0 or 78.

              kazoo-subscribe check --config /etc/kazoo-subscribe/config.yaml
              kazoo-subscribe check --print-config
            """)

    @Option(
        help: ArgumentHelp(
            "The config file. Default: $XDG_CONFIG_HOME/kazoo-subscribe/config.yaml of a plain user, then /etc/kazoo-subscribe/config.yaml.",
            valueName: "file"))
    var config: String?

    @Flag(
        name: .customLong("print-config"),
        help: "Print what is in force as YAML, secrets redacted, and where each value comes from.")
    var printsConfig = false

    func run() async throws {
        let report: SettingsReport
        do throws(SettingsReport.NoFile) {
            report = try SettingsReport(config: config)
        } catch {
            Self.say(error.lines)
            throw ExitCode.configuration
        }
        Self.say(report.lines)
        guard report.isGood else { throw ExitCode.configuration }
        if printsConfig, !Self.write(report.shown, to: STDOUT_FILENO) {
            Self.say(["standard output: \(String(cString: strerror(errno)))"])
            throw ExitCode.inputOutput
        }
        Self.say(["\(report.file): ok (\(report.summary))"])
    }

    /// Lines on standard error, as compilers write theirs: editors find the place. What it refuses is lost.
    private static func say(_ lines: [String]) {
        _ = write(lines.map { TerminalSafe.text($0) + "\n" }.joined(), to: STDERR_FILENO)
    }

    /// Writes a text.
    ///
    /// - Returns: whether all of it could be written; else `errno` says why.
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while rest.count > 0 {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 || errno == EINTR else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[max(0, count)...])
            }
            return true
        }
    }
}
