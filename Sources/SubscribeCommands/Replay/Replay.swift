import ArgumentParser
import Events
import Journal
import Logging
import Settings

/// `kazoo-subscribe replay`: hands events out again that were kept or recorded.
struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand recorded events out again: to standard output, or to consumers of the config file.",
        discussion: """
            The events are those of the daemon's journal, or of a file that stream --output envelope, a file consumer or \
            journal export has written. Without --consumer they go to standard output; with it, to that consumer as the \
            config file has it, with its bindings and conditions. The daemon's own place in the journal does not move.

            An event that a hook refuses to the last attempt is told, and is no dead letter; the exit code is 75 then.

              kazoo-subscribe replay --consumer new-users --since 10:00 --until 11:00
              kazoo-subscribe replay --since 1h --speed 10 -b 'call.*.*' --output pretty

            Hooks can be developed on recorded events, without a cluster:

              kazoo-subscribe stream -b 'call.*.*' --output envelope > day.ndjson
              kazoo-subscribe replay --file day.ndjson --consumer my-hook
            """)

    @Option(help: ArgumentHelp("The config file of the daemon. Default: as for check.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Replay this file instead of the journal: NDJSON in the form envelope or raw; - is standard input.",
            valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp(
            "Hand the events to this consumer of the config file; may be repeated.", valueName: "name"))
    var consumer: [String] = []

    @Option(
        help: ArgumentHelp(
            "So many times as fast as the events came: 1 as they came. Default: as fast as they are taken.",
            valueName: "x"))
    var speed: Double?

    @OptionGroup(title: "Which events")
    var choice: EventChoice

    @Option(
        help: ArgumentHelp(
            "On standard output: raw, envelope, cloudevents, or pretty for eyes. Default: raw.", valueName: "form"))
    var output: OutputFormat?

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws {
        if let speed, !(speed > 0 && speed <= 1_000_000) {
            throw ValidationError("--speed wants a number over 0, such as 1 or 10")
        }
        guard !consumer.isEmpty else { return }
        if output != nil { throw ValidationError("--output is for standard output; a consumer has its own form") }
        if choice.isSelective {
            throw ValidationError(
                "--binding, --match and --gaps are for standard output; a consumer gets what its settings in the config file say"
            )
        }
        if file == "-", consumer.count > 1 {
            throw ValidationError("standard input can be read once: give it to one --consumer, or give a file")
        }
        if Set(consumer).count < consumer.count { throw ValidationError("a --consumer stands there twice") }
    }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let settings = file == nil || !consumer.isEmpty ? try SettingsReport.usable(config: config) : nil
            let journal = file == nil ? try settings.map { try JournalOptions.path(in: $0) } : nil
            var run = ReplayRun(logging: logging, logger: logger)
            if let settings, !consumer.isEmpty {
                for name in consumer {
                    guard let found = settings.settings.consumers.first(where: { $0.name.value == name }) else {
                        let names = settings.settings.consumers.map(\.name.value).joined(separator: ", ")
                        throw UsageError(
                            "\(settings.report.file): there is no consumer \(name); there are: \(names)", exitCode: 78)
                    }
                    try run.add(found, of: settings.settings, source: source(journal, logger), speed: speed)
                }
            } else {
                let formatter = EventFormatter(
                    output ?? .raw, host: "journal", color: Terminal.wantsColour(1, logging.colour))
                try run.addStandardOutput(
                    formatter, filter: choice.filter(), source: source(journal, logger), speed: speed)
            }
            try await run.run()
        }
    }

    /// The events: each consumer reads them by itself.
    private func source(_ journal: String?, _ logger: Logger) throws -> any ReplaySource {
        if let journal { return try JournalSource(path: journal, since: choice.since, until: choice.until) }
        let wanted = RecordingSource.Choice(
            since: choice.since, until: choice.until,
            needsTimes: choice.since != nil || choice.until != nil || speed != nil)
        return try RecordingSource(path: file ?? "-", wanted) { logger.warning("\($0)") }
    }
}
