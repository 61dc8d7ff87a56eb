import ArgumentParser
import Consumers
import Events
import Glibc
import Logging

/// `kazoo-subscribe dead-letters list`: a line for each letter.
struct ListDeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "A line for each letter, the oldest first: id, time, consumer, attempts, reason.",
        usage: "kazoo-subscribe dead-letters list [--consumer <name>] [<id> ...]")

    @OptionGroup var options: DeadLetterOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            var found: Set<String> = []
            for box in try options.boxes() {
                let damaged = try box.forEach { letter in
                    guard options.means(letter) else { return }
                    found.insert(letter.id)
                    print(Self.line(letter))
                }
                if damaged > 0 { logger.warning("\(box.path): lines that are no letters: \(damaged)") }
            }
            try options.complain(aboutAllBut: found)
            if found.isEmpty { logger.notice("there are no dead letters") }
            guard fflush(nil) == 0 else { throw ExitCode.inputOutput }
        }
    }

    /// A letter in a line that a terminal may be shown.
    static func line(_ letter: DeadLetter) -> String {
        let attempts = "\(letter.attempts) attempt\(letter.attempts == 1 ? "" : "s")"
        return [letter.id, letter.time.description, letter.consumer, attempts, letter.reason]
            .map { TerminalSafe.text($0) }.joined(separator: "  ")
    }
}
