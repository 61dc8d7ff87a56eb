import ArgumentParser
import KazooSimulator
import Logging
import Threads

/// `kazoo-subscribe simulate`: the simulated Kazoo alone, for any client.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a simulated Kazoo in the foreground, to try clients on.",
        discussion: """
            It listens on this machine only. Log in as user admin, password secret, account Acme.

            EXAMPLES:
              kazoo-subscribe simulate --rate 10
              echo secret | kazoo-subscribe --server http://127.0.0.1:8000 \\
                --username admin --account-name Acme --password-file - \\
                --binding 'call.*.*' --output pretty
              kazoo-subscribe simulate --kazoo 4 --hazard duplicates --hazard no-pongs

            HAZARDS:
            """ + "\n" + HazardName.list)

    @Option(help: ArgumentHelp("The port of the REST API; 0 takes a free one.", valueName: "port"))
    var apiPort: UInt16 = 8000

    @Option(help: ArgumentHelp("The port of the WebSocket; 0 takes a free one.", valueName: "port"))
    var port: UInt16 = 5555

    @Option(help: "Which Kazoo is simulated.")
    var kazoo = KazooGeneration.v5

    @Option(help: ArgumentHelp("How many events happen in a second.", valueName: "events"))
    var rate = 5.0

    @Option(help: ArgumentHelp("What goes wrong on purpose; may be repeated. See HAZARDS above.", valueName: "name"))
    var hazard: [HazardName] = []

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws {
        guard rate >= 0, rate <= 100_000 else { throw ValidationError("--rate wants events a second, up to 100000") }
    }

    func run() async throws {
        let logger = logging.makeLogger()
        var configuration = SimulatorConfiguration(flavour: kazoo.flavour)
        configuration.apiPort = Int(apiPort)
        configuration.websocketPort = Int(port)
        configuration.eventsPerSecond = rate
        for hazard in hazard { hazard.apply(to: &configuration) }
        let interruption = Interruption()
        Signals.listen { request in if request == .end { interruption.raise() } }
        try await Failure.exit(logger) {
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
}
