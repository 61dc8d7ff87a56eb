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
            LineOutput.say(error.lines)
            throw ExitCode.configuration
        }
        LineOutput.say(report.lines)
        guard report.isGood else { throw ExitCode.configuration }
        if printsConfig, !LineOutput.write(report.shown, to: STDOUT_FILENO) {
            LineOutput.say(["standard output: \(String(cString: strerror(errno)))"])
            throw ExitCode.inputOutput
        }
        LineOutput.say(["\(report.file): ok (\(report.summary))"])
    }
}
