import ArgumentParser
import KazooSimulator

/// `trials chaos`
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Random faults from a seed: every event comes once, or lies in a declared gap.",
        discussion: """
            A session with several accounts and bindings meets a simulated Kazoo that goes wrong in every way that it knows. \
            With --redundancy 2 --nodes 2 only one event server goes wrong at a time, and nothing at all may be lost.
            """)

    @Option(help: "What everything random begins with; the trial prints it.")
    var seed: UInt64 = .random(in: 1...999_999)

    @Option(help: "For how many seconds things go wrong; the end takes about half a minute more.")
    var duration = 600

    @Option(help: "Which generation of Kazoo: 4 or 5.")
    var kazoo = 5

    @Option(help: "How many connections carry each subscription.")
    var redundancy = 1

    @Option(help: "How many event servers there are.")
    var nodes = 1

    func validate() throws {
        guard (4...5).contains(kazoo) else { throw ValidationError("--kazoo wants 4 or 5") }
        guard duration > 0, redundancy > 0, nodes > 0 else {
            throw ValidationError("--duration, --redundancy and --nodes want numbers above 0")
        }
    }

    func run() async throws {
        let run = ChaosRun(
            seed: seed, duration: .seconds(duration), flavour: kazoo == 4 ? .v4 : .v5, redundancy: redundancy,
            nodes: nodes)
        if try await !run.passes() { throw ExitCode.failure }
    }
}
