import ArgumentParser
import Events
import Glibc
import Journal
import Logging
import Subscriber

/// `kazoo-subscribe journal export`: events on standard output, for archives, for `jq`, and to be replayed elsewhere.
struct ExportJournal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print the events of the journal, the oldest first.",
        usage: "kazoo-subscribe journal export [--since <time>] [--until <time>] ...",
        discussion: """
            In the form envelope, which is the default, they can be replayed: kazoo-subscribe replay --file, \
            kazoo-subscribe simulate --from. What comes while this runs is not in it.

              kazoo-subscribe journal export --since yesterday --until today > day.ndjson
              kazoo-subscribe journal export --output raw -b 'call.*.*' | jq .data.call_id
            """)

    @OptionGroup var options: JournalOptions
    @OptionGroup(title: "Which events")
    var choice: EventChoice

    @Option(
        help: ArgumentHelp(
            "envelope: with number, time and id. raw: what Kazoo sent, byte for byte. cloudevents: CloudEvents 1.0. pretty: for eyes.",
            valueName: "form"))
    var output = OutputFormat.envelope

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        try await Failure.exit(logging.makeLogger()) {
            let path = try options.path()
            let filter = try choice.filter()
            let formatter = EventFormatter(
                output, host: Self.host, color: Terminal.wantsColour(STDOUT_FILENO, logging.colour))
            // On a terminal the events themselves show how far it is.
            var bar = Terminal.isTerminal(STDOUT_FILENO) ? nil : ProgressBar("exporting", logging)
            defer { bar?.clear() }
            try JournalOptions.told {
                var (text, count) = (OutputText(), 0)
                let browser = try JournalBrowser(path: path)
                try browser.forEachBatch(since: choice.since, until: choice.until) { batch, done in
                    let wanted = filter(batch)
                    var bytes: [UInt8] = []
                    formatter.append(wanted, to: &bytes)
                    try text.append(bytes)
                    count += wanted.count
                    bar?.show(done, count.counted("event"))
                    return true
                }
                try text.flush()
            }
        }
    }

    /// The source that CloudEvents name: the journal does not know from which cluster it has its events.
    private static let host = "journal"
}

extension JournalBrowser {
    /// Reads the lines that were received in an interval, a portion at a time.
    ///
    /// - Parameter body: gets each portion, and how much of the interval is done with it, 0 to 1; returns whether to go on.
    func forEachBatch(
        since: Timestamp?, until: Timestamp?, _ body: (EventBatch, _ done: Double) throws -> Bool
    ) throws {
        guard let range = try range(since: since, until: until) else { return }
        var position = range.sequences.lowerBound - 1
        while case let batch = try lines(after: position, in: range), let last = batch.last?.sequence {
            position = last
            guard try body(batch, range.fraction(at: last)) else { return }
        }
    }
}
