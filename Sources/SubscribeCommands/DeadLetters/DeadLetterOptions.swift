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
            "Only those in the files of this directory. Default: those in the journal, and in the directory dead-letters of the config file's state_directory, or of \(StateDirectory.standard).",
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

    /// What the command is about: what the journal keeps, and the files from when there was none.
    func boxes() throws -> [any DeadLetterBox] {
        let settings = directory == nil ? try self.settings() : nil
        return try DeadLetterFailure.told {
            var boxes: [any DeadLetterBox] = []
            if let journal = settings?.journal { boxes += try JournalDeadLetters.all(in: journal.path.value) }
            if let directory = directory ?? settings.map({ StateDirectory(of: $0).deadLetters }) {
                boxes += try DeadLetterFile.all(in: directory)
            }
            return boxes.filter { consumer == nil || $0.consumer == consumer }
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

extension DeadLetterBox {
    /// Reads the letters, with the errors of a command.
    ///
    /// - Returns: how many lines were no letters.
    func forEach(_ body: (DeadLetter) throws -> Void) throws -> Int {
        try DeadLetterFailure.told {
            try read {
                try body($0)
                return true
            }
        }
    }

    /// Takes letters out, with the errors of a command.
    func take(_ ids: Set<String>) throws -> Set<String> { try DeadLetterFailure.told { try takeOut(ids) } }
}

/// What keeps letters from being read or taken out.
enum DeadLetterFailure {
    /// Does something; what fails is told as a command does.
    static func told<Result>(_ body: () throws -> Result) throws -> Result {
        try JournalOptions.told {
            do {
                return try body()
            } catch let error as DeadLetterFile.Failure {
                throw UsageError("\(error)", exitCode: 74)
            }
        }
    }
}
