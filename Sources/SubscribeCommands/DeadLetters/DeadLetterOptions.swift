import ArgumentParser
import Consumers
import Settings

/// Which dead letters a command is about.
struct DeadLetterOptions: ParsableArguments {
    /// Where a daemon keeps what must outlive it, when neither its config file nor systemd says so.
    static let standardStateDirectory = "/var/lib/kazoo-subscribe"

    @Option(
        help: ArgumentHelp(
            "The config file of the daemon. Default: as for check.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the files are. Default: dead-letters in the config file's state_directory, or in \(standardStateDirectory).",
            valueName: "directory"))
    var directory: String?

    @Option(help: ArgumentHelp("Only those of this consumer.", valueName: "name"))
    var consumer: String?

    @Argument(help: ArgumentHelp("The letters, as list shows them.", valueName: "id"))
    var ids: [String] = []

    /// The settings of the daemon.
    ///
    /// - Throws: a ``UsageError`` with everything that is wrong with the config file.
    func settings() throws -> Settings {
        let report: SettingsReport
        do throws(SettingsReport.NoFile) {
            report = try SettingsReport(config: config)
        } catch {
            throw UsageError(error.lines.joined(separator: "\n"), exitCode: 78)
        }
        guard let settings = report.settings else {
            throw UsageError(report.lines.joined(separator: "\n"), exitCode: 78)
        }
        return settings
    }

    /// The files that the command is about, by the names of their consumers.
    func files() throws -> [DeadLetterFile] {
        let directory = try self.directory ?? Self.directory(of: try settings())
        do throws(DeadLetterFile.Failure) {
            return try DeadLetterFile.all(in: directory).filter { consumer == nil || $0.consumer == consumer }
        } catch {
            throw UsageError("\(error)", exitCode: 74)
        }
    }

    /// Where a daemon with these settings keeps its dead letters.
    static func directory(of settings: Settings) -> String {
        let state = settings.stateDirectory?.value ?? Environment["STATE_DIRECTORY"] ?? standardStateDirectory
        return "\(state)/dead-letters"
    }

    /// Whether a letter is meant; without names all of them are.
    func means(_ letter: DeadLetter) -> Bool { ids.isEmpty || ids.contains(letter.id) }

    /// Complains about letters that are nowhere.
    func complain(aboutAllBut found: Set<String>) throws {
        let missing = ids.filter { !found.contains($0) }
        guard !missing.isEmpty else { return }
        let what = missing.count == 1 ? "there is no dead letter" : "there are no dead letters"
        throw UsageError("\(what) \(missing.joined(separator: ", "))", exitCode: 65)
    }

    /// Whether letters are named, or all of them are meant on purpose.
    func validateSelection(all: Bool) throws {
        switch (ids.isEmpty, all) {
        case (true, false): throw ValidationError("which letters? name them, or give --all")
        case (false, true): throw ValidationError("--all and the names of letters contradict each other")
        default: break
        }
    }
}

extension DeadLetterFile {
    /// Reads the letters, with the errors of a command.
    func forEach(_ body: (DeadLetter) throws -> Void) throws -> Int {
        do {
            return try read {
                try body($0)
                return true
            }
        } catch let error as Failure {
            throw UsageError("\(error)", exitCode: 74)
        }
    }

    /// Takes letters out, with the errors of a command.
    func take(_ ids: Set<String>) throws -> Set<String> {
        do throws(Failure) {
            return try remove(ids)
        } catch {
            throw UsageError("\(error)", exitCode: 74)
        }
    }
}
