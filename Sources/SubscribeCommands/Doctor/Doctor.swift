import ArgumentParser
import Glibc
import Logging
import Subscriber
import Threads

/// `kazoo-subscribe doctor`: every step of the way to events, each with its time and its remedy.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every step of the way to events, and say what to do about the one that fails.",
        usage: "kazoo-subscribe doctor --server URL --username U --account-name A ...",
        discussion: """
            DNS, TCP, TLS and login of the API; then for each WebSocket DNS, TCP, TLS, upgrade, subscription and ping: one \
            line a step on standard output, as it happens. Nothing is changed in Kazoo. Connection options and variables \
            are those of stream, so what works here works there.

            EXAMPLES:
              export KAZOO_SUBSCRIBE_SERVER=http://kazoo.example.com:8000
              export KAZOO_SUBSCRIBE_USERNAME=events
              export KAZOO_SUBSCRIBE_ACCOUNT_NAME=master

              kazoo-subscribe doctor
              kazoo-subscribe doctor --binding 'call.*.*' --binding 'fax.status.*'
              kazoo-subscribe doctor --websocket wss://a:7777 --websocket wss://b:7777
              kazoo-subscribe doctor --output json | jq -r .remedy

            EXIT CODES:
              0 everything works; otherwise that of the first step that failed:
              69 unreachable, 75 it may work later, 77 login or subscription refused,
              65 what was asked for is wrong, 64 wrong options
            """)

    /// How the report is written.
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(
        name: [.long, .customShort("b")],
        help: ArgumentHelp(
            "Which events to subscribe to; may be repeated. Default: object.doc_created.user.", valueName: "binding"))
    var binding: [String] = []

    @Option(
        help: ArgumentHelp(
            "An account id, or * for all accounts; may be repeated. Default: the login's account [KAZOO_SUBSCRIBE_ACCOUNT].",
            valueName: "id"))
    var account: [String] = []

    @Option(help: ArgumentHelp("text: for people. json: one object a line for each step.", valueName: "form"))
    var output = Form.text

    @Option(help: ArgumentHelp("How long one step may take: seconds, or 500ms, 1m (default: 10).", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func validate() throws {
        guard timeout.map({ $0.duration >= .milliseconds(1) }) ?? true else {
            throw ValidationError("--timeout wants more than no time")
        }
    }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let configuration = try connection.resolve(wanted: try wanted(), policy: .once, logger: logger)
            let interruption = Interruption()
            Signals.listen { request in if request == .end { interruption.raise() } }
            let limit = timeout?.duration ?? .seconds(10)
            let writer = DoctorWriter(output, colour: logging.colour)
            let (verdict, isWritten) = await BlockingThread.run("doctor") {
                var writer = writer
                var run = DoctorRun(configuration, limit: limit, interruption: interruption) { writer.write($0) }
                let verdict = run.run()
                if !interruption.isRaised { writer.write(verdict) }
                return (verdict, writer.isWritten)
            }
            if let signal = Signals.received { throw ExitCode.signal(signal) }
            guard isWritten else { throw ExitCode.inputOutput }
            if verdict.exitCode != 0 { throw ExitCode(verdict.exitCode) }
        }
    }

    private func wanted() throws(UsageError) -> [SessionConfiguration.Wanted] {
        let accounts = account.isEmpty ? Environment["KAZOO_SUBSCRIBE_ACCOUNT"].map { [$0] } ?? [] : account
        if accounts.contains("descendants") {
            throw UsageError("--account: a check-up looks at single accounts; give one of the descendants' ids")
        }
        return try SubscriptionOptions.wanted(
            bindings: binding.isEmpty ? ["object.doc_created.user"] : binding, accounts: accounts)
    }
}
