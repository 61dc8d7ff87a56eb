import ArgumentParser
import Glibc

/// Long trials of the subscriber against the simulated Kazoo, over real sockets, and of the journal; each ends with 1 when
/// it finds a fault.
@main
struct Trials: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials",
        abstract: "Long trials of the subscriber against the simulated Kazoo, and of the journal.",
        subcommands: [Chaos.self, Crash.self, CrashChild.self, Reconnects.self, Scale.self, Subscribe.self])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}

/// A trial could not be carried out, or was not passed.
struct TrialFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
