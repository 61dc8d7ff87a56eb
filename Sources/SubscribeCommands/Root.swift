public import ArgumentParser

/// The command `kazoo-subscribe`: a list of commands, of which `stream` is the default.
public struct Root: AsyncParsableCommand {
    /// Its name, version and subcommands; for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "kazoo-subscribe",
        abstract: "Follow the events of a 2600Hz Kazoo cluster, as tail -f follows a file.",
        version: version,
        subcommands: [
            Stream.self, Run.self, Check.self, Doctor.self, Bindings.self, Demo.self, Simulate.self, Hash.self,
            DeadLetters.self, JournalCommand.self, Replay.self,
        ],
        defaultSubcommand: Stream.self)

    /// The version of this build.
    public static let version = "0.1.0"

    /// Creates the command; for the argument parser.
    public init() {}

    /// Runs the program with the process's arguments and ends it with the right exit code.
    public static func run() async {
        StandardDescriptors.fill()
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--help"] || arguments == ["-h"] || arguments == ["help"] {
            print(helpText)
            return
        }
        await main(arguments)
    }

    /// The help of the default command, which is what nearly everybody wants, and the list of the other commands.
    static var helpText: String {
        let commands = helpMessage().split(separator: "SUBCOMMANDS:", maxSplits: 1).last.map(String.init) ?? ""
        return Stream.helpMessage() + "\nCOMMANDS:" + commands
    }
}
