import ArgumentParser
import Consumers
import Logging

/// `kazoo-subscribe dead-letters drop`: forgets letters.
struct DropDeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Forget letters and their events.",
        usage: "kazoo-subscribe dead-letters drop [--consumer <name>] [--all] [<id> ...]")

    @OptionGroup var options: DeadLetterOptions

    @Flag(help: "All of them, or all of the consumer's.")
    var all = false

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws { try options.validateSelection(all: all) }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            var dropped: Set<String> = []
            for box in try options.boxes() {
                var ids: Set<String> = []
                _ = try box.forEach { if options.means($0) { ids.insert($0.id) } }
                dropped.formUnion(try box.take(ids))
            }
            logger.notice("dropped \(dropped.count) dead letter\(dropped.count == 1 ? "" : "s")")
            try options.complain(aboutAllBut: dropped)
        }
    }
}
