import ArgumentParser
import KazooSimulator

/// Which events a simulated Kazoo has, made up or recorded, and how fast: shared by `simulate` and `demo`.
struct EventOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many events happen in a second. Default: 5; with --from as recorded.", valueName: "events"))
    var rate: Double?

    @Option(
        help: ArgumentHelp(
            "Play the events of this file, printed with --output envelope or raw, instead of made-up ones.",
            valueName: "file"))
    var from: String?

    @Option(help: ArgumentHelp("With --from: so many times as fast as recorded.", valueName: "factor"))
    var speed: Double?

    @Flag(help: "With --from: begin anew at the end.")
    var loop = false

    /// How many events happen in a second unless something else is said.
    static let usualRate = 5.0

    func validate() throws {
        if let rate, !(0...100_000).contains(rate) {
            throw ValidationError("--rate wants events a second, up to 100000")
        }
        if let speed, !(0.001...1_000_000).contains(speed) {
            throw ValidationError("--speed wants a factor between 0.001 and 1000000")
        }
        guard from != nil else {
            if speed != nil { throw ValidationError("--speed is for recorded events: give --from FILE too") }
            if loop { throw ValidationError("--loop is for recorded events: give --from FILE too") }
            return
        }
        if from == "-" {
            throw ValidationError("--from wants a file: a recording is read twice, first to learn its accounts")
        }
        if rate == 0 { throw ValidationError("--rate 0 would never play an event of --from") }
        if rate != nil, speed != nil {
            throw ValidationError("--rate and --speed exclude each other; give one of them")
        }
    }

    /// How fast a recording is played.
    var pace: RecordedStory.Pace {
        if let rate { return .even(rate: rate) }
        return .recorded(speed: speed ?? 1, rate: Self.usualRate)
    }
}
