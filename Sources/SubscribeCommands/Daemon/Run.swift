import ArgumentParser
import Logging
import Settings

/// `kazoo-subscribe run`: the daemon, with the consumers of a config file.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand events to the consumers of a config file, for years.",
        discussion: """
            It never gives up: what cannot be reached is tried again, and what was missed is said.

            SIGTERM and SIGINT end it in an orderly way, with exit code 0. SIGHUP makes it read the config file again, \
            take over what has changed, and open its files anew. SIGUSR1 makes it say its state.

              kazoo-subscribe check --config /etc/kazoo-subscribe/config.yaml
              kazoo-subscribe run --config /etc/kazoo-subscribe/config.yaml
            """)

    @Option(help: ArgumentHelp("The config file. Default: as for check.", valueName: "file"))
    var config: String?

    func run() async throws {
        let (settings, report): (Settings, SettingsReport)
        do throws(UsageError) {
            (settings, report) = try SettingsReport.usable(config: config)
        } catch {
            // As `check` says it: editors find the place.
            LineOutput.say(error.description.split(separator: "\n").map(String.init))
            throw ExitCode.configuration
        }
        let manner = Diagnostics.Manner(settings.log)
        for line in report.lines { manner.logger.warning("\(line)") }
        try await Failure.exit(manner.logger) {
            var daemon = Daemon(settings, from: report.file, manner: manner)
            try await daemon.run()
        }
    }
}
