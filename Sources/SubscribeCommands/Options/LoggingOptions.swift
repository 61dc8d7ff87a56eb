import ArgumentParser
import Logging

/// When output is coloured.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// How the program talks about itself, on standard error.
struct LoggingOptions: ParsableArguments {
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Flag(name: .shortAndLong, help: "Say only what went wrong.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more: every login, connection and reply.")
    var verbose = false

    @Option(
        name: .customLong("log-format"), help: ArgumentHelp("How messages on standard error look.", valueName: "form"))
    var form = Form.text

    @Option(name: .customLong("color"), help: ArgumentHelp("When to use colour.", valueName: "when"))
    var colour = ColourChoice.auto

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other; give one of them") }
    }

    /// The logger that these options ask for.
    func makeLogger() -> Logger {
        Diagnostics.Manner(form, colour, level: quiet ? .error : verbose ? .debug : .notice).logger
    }
}

extension Diagnostics.Manner {
    /// How to write, for where standard error goes to.
    convenience init(_ form: LoggingOptions.Form, _ colour: ColourChoice = .auto, level: Logger.Level) {
        self.init(Self.form(form, colour), level: level)
    }

    /// What a form comes to where standard error goes to.
    static func form(_ form: LoggingOptions.Form, _ colour: ColourChoice) -> Diagnostics.Form {
        switch form {
        case .json: .json
        case .text where Terminal.isTerminal(2): .terminal(colour: Terminal.wantsColour(2, colour))
        // systemd sets this where standard error is the journal (systemd.exec(5)).
        case .text where Environment["JOURNAL_STREAM"] != nil: .journal
        case .text: .plain
        }
    }

    /// A logger that writes so.
    var logger: Logger { Logger(label: "kazoo-subscribe") { _ in Diagnostics(self) } }
}
