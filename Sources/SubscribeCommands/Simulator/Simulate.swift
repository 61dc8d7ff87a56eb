import ArgumentParser
import KazooSimulator
import Logging
import Threads

/// `kazoo-subscribe simulate`: the simulated Kazoo alone, for any client.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a simulated Kazoo in the foreground, to try clients on.",
        usage: "kazoo-subscribe simulate [--rate <events>] [--hazard <name> ...] ...",
        discussion: """
            It listens on this machine only. Log in as user admin, password secret, account Acme.

            EXAMPLES:
              kazoo-subscribe simulate --rate 10
              echo secret | kazoo-subscribe --server http://127.0.0.1:8000 \\
                --username admin --account-name Acme --password-file - \\
                --binding 'call.*.*' --output pretty
              kazoo-subscribe simulate --kazoo 4 --hazard duplicates --hazard no-pongs

            RECORDED EVENTS:
              kazoo-subscribe stream -b 'call.*.*' --output envelope >day.ndjson
              kazoo-subscribe simulate --from day.ndjson --speed 10

            Each client gets the events of the file that its subscriptions match, as fast as they were recorded; those \
            that were recorded with --output raw have no times, and come at --rate. The recording begins a second after \
            the first client has made the last of its subscriptions, rests while nobody is subscribed, and is played \
            once; clients stay connected. With --loop it begins anew, and every msg_id has the number of the round \
            behind it, as clients leave out what they have had.

            The account with most events in the recording takes the place of Acme: log in there as always, and the \
            account id is the recorded one. All other accounts of the recording are below it, each with its recorded \
            id, for --account ID and --account descendants.

            HAZARDS:
            """ + "\n" + HazardName.list)

    @Option(help: ArgumentHelp("The port of the REST API; 0 takes a free one.", valueName: "port"))
    var apiPort: UInt16 = 8000

    @Option(help: ArgumentHelp("The port of the WebSocket; 0 takes a free one.", valueName: "port"))
    var port: UInt16 = 5555

    @Option(help: "Which Kazoo is simulated.")
    var kazoo = KazooGeneration.v5

    @Option(help: ArgumentHelp("What goes wrong on purpose; may be repeated. See HAZARDS above.", valueName: "name"))
    var hazard: [HazardName] = []

    @OptionGroup(title: "Events")
    var events: EventOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        let logger = logging.makeLogger()
        let interruption = Interruption()
        Signals.listen { request in if request == .end { interruption.raise() } }
        try await Failure.exit(logger) {
            var configuration = SimulatorConfiguration(flavour: kazoo.flavour)
            configuration.apiPort = Int(apiPort)
            configuration.websocketPort = Int(port)
            for hazard in hazard { hazard.apply(to: &configuration) }
            let repertoire = Repertoire(events, logger: logger, logging: logging, interruption: interruption)
            try await repertoire.prepare(&configuration)
            guard !interruption.isRaised else { return }
            try await serve(configuration, logger: logger, until: interruption)
            try repertoire.check()
        }
    }

    private func serve(
        _ configuration: SimulatorConfiguration, logger: Logger, until interruption: Interruption
    ) async throws(UsageError) {
        do {
            try await SimulatedKazoo.withRunning(configuration) { _, endpoints in
                logger.notice(
                    "a simulated Kazoo \(kazoo.rawValue) runs at \(endpoints.api) and \(endpoints.websocket)")
                await BlockingThread.run("signals") {
                    while !interruption.isRaised { interruption.sleep(until: .now + .seconds(3600)) }
                }
            }
        } catch {
            throw UsageError("cannot listen on ports \(apiPort) and \(port): \(error)", exitCode: 69)
        }
    }
}
