import ArgumentParser
import Consumers
import Logging
import Network
import Settings

/// `kazoo-subscribe dead-letters retry`: runs the hooks on letters, and takes out those that succeed.
struct RetryDeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Run the consumer's hook on letters now, one after the other; those that succeed are taken out.",
        usage: "kazoo-subscribe dead-letters retry [--consumer <name>] [--all] [<id> ...]",
        discussion: "The exit code is 0 when all of them succeeded, and 75 when some are still there.")

    @OptionGroup var options: DeadLetterOptions

    @Flag(help: "All of them, or all of the consumer's.")
    var all = false

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws { try options.validateSelection(all: all) }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let settings = try options.settings()
            var found: Set<String> = []
            var failed = 0
            for box in try options.boxes() {
                // Only the names: a hook may run long, and nobody else can use a file while it is read.
                var ids: [String] = []
                _ = try box.forEach { if options.means($0) { ids.append($0.id) } }
                found.formUnion(ids)
                guard !ids.isEmpty else { continue }
                let (hook, limit) = try Self.hook(of: box.consumer, settings, logger)
                for id in ids where try await !Self.retry(id, box, hook, limit, logger) { failed += 1 }
            }
            try options.complain(aboutAllBut: found)
            if found.isEmpty { logger.notice("there are no dead letters") }
            if failed > 0 { throw ExitCode.temporary }
        }
    }

    /// Runs the hook on a letter.
    ///
    /// - Returns: whether it is settled.
    private static func retry(
        _ id: String, _ box: any DeadLetterBox, _ hook: HookConsumer, _ limit: Duration, _ logger: Logger
    ) async throws -> Bool {
        var letter: DeadLetter?
        _ = try box.forEach { if $0.id == id { letter = $0 } }
        // Somebody else may have taken it out meanwhile.
        guard let letter else { return true }
        guard let event = letter.batch else {
            logger.error("\(id): the event was too long to be kept")
            return false
        }
        if let failure = await hook.deliver(event, attempt: letter.attempts + 1, within: limit) {
            logger.error("\(id): \(failure)")
            return false
        }
        _ = try box.take([id])
        logger.notice("\(id): delivered")
        return true
    }

    private static func hook(
        of consumer: String, _ settings: Settings, _ logger: Logger
    ) throws -> (HookConsumer, timeout: Duration) {
        guard let found = settings.consumers.first(where: { $0.name.value == consumer }) else {
            throw UsageError("the config file has no consumer \(consumer)", exitCode: 78)
        }
        guard let hook = found.type as? HookSettings, case .event(let event) = hook.mode else {
            throw UsageError("the consumer \(consumer) is no hook that is started for each event", exitCode: 78)
        }
        let site = try OutletSite(
            found, host: settings.kazoo.serverURL().host, deadLetters: StateDirectory(of: settings).deadLetters,
            logger: logger)
        return (try hook.consumer(at: site), event.timeout)
    }
}
