import ArgumentParser
import Journal
import Settings

/// Which journal a command is about.
struct JournalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The config file of the daemon. Default: as for check.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The journal itself, such as one that was set aside or is of another machine; no config file is read.",
            valueName: "file"))
    var journal: String?

    func validate() throws {
        if config != nil, journal != nil {
            throw ValidationError("--config and --journal exclude each other; give one of them")
        }
    }

    /// The journal's file.
    ///
    /// - Throws: what is wrong with the config file, or that it has no journal.
    func path() throws(UsageError) -> String {
        if let journal { return journal }
        return try Self.path(in: SettingsReport.usable(config: config))
    }

    /// The journal of a config file.
    static func path(in found: (settings: Settings, report: SettingsReport)) throws(UsageError) -> String {
        guard let journal = found.settings.journal else {
            throw UsageError("\(found.report.file): there is no section “journal”", exitCode: 78)
        }
        return journal.path.value
    }

    /// Does something with a journal, with the errors of a command.
    static func told<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as JournalError {
            throw UsageError(error)
        }
    }
}
