import ArgumentParser
import Events
import Journal
import Logging
import Settings
import Subscriber

/// `kazoo-subscribe journal prune`: removes old events now.
struct PruneJournal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove old events now, instead of waiting for their time.",
        usage: "kazoo-subscribe journal prune [--before <time>] [--keep <n>] [--dry-run]",
        discussion: """
            Without --before and --keep, what the config file's retain, max_events and max_size allow is removed, which \
            the daemon does by itself while it runs. What a consumer has not read stays, unless --force gives it up: the \
            consumer is told of the gap.

              kazoo-subscribe journal prune --before 30d --dry-run
              kazoo-subscribe journal prune --keep 1000000
            """)

    @OptionGroup var options: JournalOptions

    @Option(
        help: ArgumentHelp("Remove what was received before this moment: \(Moment.forms).", valueName: "time"),
        transform: Moment.parse)
    var before: Timestamp?

    @Option(help: ArgumentHelp("Keep so many events, and remove the older ones.", valueName: "n"))
    var keep: Int?

    @Flag(help: "Also what consumers have not read.")
    var force = false

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep wants a number of events, at least 1") }
        if options.journal != nil, before == nil, keep == nil {
            throw ValidationError("--journal comes without a config file: say what goes, with --before or --keep")
        }
    }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let (path, retention) = try task(now: .now)
            try JournalOptions.told {
                let editor = try JournalEditor(path: path)
                guard !dryRun else {
                    let count = try editor.prunable(retention, sparesUnread: !force, now: .now)
                    logger.notice("\(count.counted("event")) would be removed")
                    return
                }
                try remove(retention, with: editor, logger)
                try giveBack(with: editor, logger)
            }
        }
    }

    /// The journal, and what is kept of it.
    private func task(now: Timestamp) throws -> (path: String, Retention) {
        let explicit = Retention(age: before.map { max(.zero, now - $0) }, count: keep)
        if before != nil || keep != nil { return (try options.path(), explicit) }
        let found = try SettingsReport.usable(config: options.config)
        let path = try JournalOptions.path(in: found)
        guard let configuration = JournalConfiguration(of: found.settings), configuration.retention != Retention()
        else {
            throw UsageError(
                "\(found.report.file): “journal” has neither retain nor max_events nor max_size; say what goes, with --before or --keep"
            )
        }
        return (path, configuration.retention)
    }

    private func remove(_ retention: Retention, with editor: JournalEditor, _ logger: Logger) throws {
        var bar = ProgressBar("removing", logging)
        defer { bar.clear() }
        let all = try editor.prunable(retention, sparesUnread: !force, now: .now)
        var (removed, gaps) = (0, [String: JournalGap]())
        var hasMore = true
        while hasMore {
            let step = try editor.prune(retention, sparesUnread: !force, now: .now)
            removed += step.removed
            for gap in step.gaps { gaps[gap.consumer ?? ""] = gap }
            hasMore = step.hasMore
            bar.show(Double(removed) / Double(max(all, 1)), removed.counted("event"))
        }
        bar.clear()
        logger.notice("removed \(removed.counted("event"))")
        for (consumer, gap) in gaps.sorted(by: { $0.key < $1.key }) {
            logger.warning(
                "\((gap.events ?? 0).counted("event")) are given up that were not delivered",
                metadata: .facts([.consumer: consumer, .from: gap.from.description, .to: gap.to.description]))
        }
    }

    private func giveBack(with editor: JournalEditor, _ logger: Logger) throws {
        var bar = ProgressBar("giving space back", logging)
        defer { bar.clear() }
        var freed = 0
        let isDone = try editor.giveBackSpace { left, all in
            freed = all
            bar.show(Double(all - left) / Double(max(all, 1)), left.formattedSize)
        }
        bar.clear()
        if isDone, freed > 0 { logger.notice("gave \(freed.formattedSize) back to the file system") }
        if !isDone { logger.info("the daemon gives the space back, a little at a time") }
    }
}
