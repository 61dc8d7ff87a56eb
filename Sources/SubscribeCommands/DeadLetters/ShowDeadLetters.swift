import ArgumentParser
import Consumers
import Glibc

/// `kazoo-subscribe dead-letters show`: the letters themselves.
struct ShowDeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print letters with their events, one a line, for jq.",
        usage: "kazoo-subscribe dead-letters show [--consumer <name>] [<id> ...]")

    @OptionGroup var options: DeadLetterOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        try await Failure.exit(logging.makeLogger()) {
            var found: Set<String> = []
            for box in try options.boxes() {
                _ = try box.forEach { letter in
                    guard options.means(letter) else { return }
                    found.insert(letter.id)
                    print(String(decoding: letter.line, as: UTF8.self), terminator: "")
                }
            }
            try options.complain(aboutAllBut: found)
            guard fflush(nil) == 0 else { throw ExitCode.inputOutput }
        }
    }
}
