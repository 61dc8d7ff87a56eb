import ArgumentParser
import Blackhole
import Crossbar
import KazooSimulator
import Logging
import Network
import Secrets
import Subscriber

/// `kazoo-subscribe demo`: a simulated Kazoo and the real subscriber, in one process.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch the events of a simulated Kazoo: no cluster needed.",
        discussion: """
            A Kazoo is simulated on this machine and the real subscriber logs in to it over REST, \
            subscribes over WebSocket, and prints what it hears.

            EXAMPLES:
              kazoo-subscribe demo --output pretty
              kazoo-subscribe demo --count 100 | jq -r .name | sort | uniq -c
              kazoo-subscribe demo --match data.type=user | jq .data.id
              kazoo-subscribe demo --from day.ndjson --speed 60 --output pretty
            """)

    @Option(
        name: [.long, .customShort("b")], help: ArgumentHelp("Which events; may be repeated.", valueName: "binding"))
    var binding = ["call.*.*", "object.*.*", "fax.status.*", "presence.dialog.*"]

    @Option(help: "Which Kazoo is simulated.")
    var kazoo = KazooGeneration.v5

    @OptionGroup(title: "Events")
    var events: EventOptions

    @OptionGroup(title: "Output")
    var outputOptions: OutputOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws {
        if events.rate == 0 { throw ValidationError("--rate wants events a second, up to 100000") }
    }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            var simulation = SimulatorConfiguration(flavour: kazoo.flavour)
            let repertoire = Repertoire(events, logger: logger, logging: logging)
            let survey = try await repertoire.prepare(&simulation)
            let wanted = try wanted(survey)
            try await SimulatedKazoo.withRunning(simulation) { _, endpoints in
                logger.notice("a simulated Kazoo \(kazoo.rawValue) runs at \(endpoints.api) and \(endpoints.websocket)")
                try await StreamRun(options: outputOptions, logging: logging, logger: logger)
                    .run(Self.configuration(for: endpoints, wanted: wanted))
            }
            try repertoire.check()
        }
    }

    /// What is subscribed to: of a recording, all accounts.
    private func wanted(_ survey: RecordingSurvey?) throws -> [SessionConfiguration.Wanted] {
        let own = try SubscriptionOptions.wanted(bindings: binding)
        guard let survey, survey.accounts.count > 1 else { return own }
        return own + (try SubscriptionOptions.wanted(bindings: binding, accounts: ["descendants"]))
    }

    /// What a user would give for this cluster on the command line.
    private static func configuration(
        for endpoints: SimulatorEndpoints, wanted: [SessionConfiguration.Wanted]
    ) throws -> SessionConfiguration {
        let hash = try CredentialHash(username: "admin", password: Secret("secret"), method: .sha1)
        var configuration = SessionConfiguration(
            server: try ServerURL(parsing: endpoints.api, schemes: [.http]),
            websockets: [try ServerURL(parsing: endpoints.websocket, schemes: [.ws])],
            authentication: .login(.user(hash, account: .name("Acme"))), wanted: wanted)
        // The simulator is on this machine; a proxy of the environment is not asked.
        configuration.network.proxy = ""
        return configuration
    }
}

/// Which Kazoo is simulated, as the command line names it.
enum KazooGeneration: String, CaseIterable, ExpressibleByArgument {
    case v4 = "4"
    case v5 = "5"

    var flavour: KazooFlavour { self == .v4 ? .v4 : .v5 }
}
