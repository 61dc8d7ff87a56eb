import ArgumentParser
import Consumers
import Settings

/// Which dead letters a command is about.
struct DeadLetterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The config file of the daemon. Default: as for check.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the files are. Default: dead-letters in the config file's state_directory, or in \(StateDirectory.standard).",
            valueName: "directory"))
    var directory: String?

    @Option(help: ArgumentHelp("Only those of this consumer.", valueName: "name"))
    var consumer: String?

    @Argument(help: ArgumentHelp("The letters, as list shows them.", valueName: "id"))
    var ids: [String] = []

    /// The settings of the daemon.
    ///
    /// - Throws: a ``UsageError`` with everything that is wrong with the config file.
    func settings() throws -> Settings { try SettingsReport.usable(config: config).settings }

    /// The files that the command is about, by the names of their consumers.
    func files() throws -> [DeadLetterFile] {
        let directory = try self.directory ?? StateDirectory(of: try settings()).deadLetters
        do throws(DeadLetterFile.Failure) {
            return try DeadLetterFile.all(in: directory).filter { consumer == nil || $0.consumer == consumer }
        } catch {
            throw UsageError("\(error)", exitCode: 74)
        }
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
