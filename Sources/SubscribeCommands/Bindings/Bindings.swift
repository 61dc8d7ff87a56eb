import ArgumentParser
import Crossbar
import Glibc
import Logging
import Network
import Threads

/// `kazoo-subscribe bindings`: what can be subscribed to.
struct Bindings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what can be subscribed to.",
        usage: "kazoo-subscribe bindings [--server URL]",
        discussion: """
            A cluster tells what it offers without a login, so of the connection options only --server and those of the \
            network matter. Without a server, or when it does not answer, the list is what Kazoo 4.x and 5 are known to \
            offer. What stands in braces is an id, or one of the words below; mostly * will do.

            EXAMPLES:
              kazoo-subscribe bindings
              kazoo-subscribe bindings --server http://kazoo.example.com:8000
              kazoo-subscribe bindings --output json | jq -r .binding
            """)

    @Option(help: ArgumentHelp("text: for people. json: one object a line for each binding.", valueName: "form"))
    var output = Doctor.Form.text

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let (list, source) = try await list(logger: logger)
            let text =
                switch output {
                case .text: list.text(colour: Terminal.wantsColour(STDOUT_FILENO, logging.colour))
                case .json: list.json(source: source)
                }
            print(text, terminator: "")
            guard fflush(nil) == 0 else { throw ExitCode.inputOutput }
        }
    }

    private static let fallback = "This is what Kazoo 4.x and 5 are known to offer."

    /// What the server offers, or else what we know.
    private func list(logger: Logger) async throws -> (BindingList, source: String) {
        guard let (url, options) = try connection.server(logger: logger) else {
            logger.notice("no server is configured. \(Self.fallback)")
            return (.builtIn, "built-in")
        }
        let answer = await BlockingThread.run("bindings") {
            Result { () throws -> BindingList in
                let crossbar = try CrossbarClient(server: url, options: options, interruption: Interruption())
                return BindingList(offered: try crossbar.bindingTemplates())
            }
        }
        switch answer {
        case .success(let list) where !list.families.isEmpty:
            return (list, "server")
        case .success:
            logger.warning("\(url) offers nothing: is blackhole running there? \(Self.fallback)")
        case .failure(let error):
            logger.warning("\(error). \(Self.fallback)")
        }
        return (.builtIn, "built-in")
    }
}
