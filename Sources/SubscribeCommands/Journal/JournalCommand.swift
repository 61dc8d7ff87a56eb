import ArgumentParser

/// `kazoo-subscribe journal`: what the daemon has kept.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Look into the daemon's journal: list, verify, export, prune.",
        discussion: """
            The journal is an SQLite database that the daemon keeps, where its config file has the section journal. All \
            of this works while it runs, and when it does not.

              kazoo-subscribe journal list --since 10:00
              kazoo-subscribe journal list consumers
              kazoo-subscribe journal export --since yesterday --until today > day.ndjson
              kazoo-subscribe journal verify
              kazoo-subscribe journal prune --before 30d --dry-run
            """,
        subcommands: [ListJournal.self, VerifyJournal.self, ExportJournal.self, PruneJournal.self],
        defaultSubcommand: ListJournal.self)
}
