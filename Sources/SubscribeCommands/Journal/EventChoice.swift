import ArgumentParser
import Blackhole
import Events
import Subscriber

/// Which of the events that were kept or recorded a command is about.
struct EventChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only what was received at this moment or later: \(Moment.forms).", valueName: "time"),
        transform: Moment.parse)
    var since: Timestamp?

    @Option(
        help: ArgumentHelp("Only what was received before this moment.", valueName: "time"), transform: Moment.parse)
    var until: Timestamp?

    @Option(
        name: [.long, .customShort("b")],
        help: ArgumentHelp("Only events of this binding; may be repeated.", valueName: "binding"))
    var binding: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only events in which the value at this dotted path is this, * stands for anything; may be repeated: all must match.",
            valueName: "path=value"))
    var match: [String] = []

    @Flag(help: "Also the lines that tell where events may have been missed.")
    var gaps = false

    func validate() throws {
        if let since, let until, since >= until {
            throw ValidationError("--since \(since) is not before --until \(until): nothing is between them")
        }
        do { _ = try matches() } catch { throw ValidationError("--match: \(error)") }
        do { _ = try bindings() } catch { throw ValidationError("--binding: \(error)") }
    }

    /// Whether it asks for anything but an interval.
    var isSelective: Bool { !binding.isEmpty || !match.isEmpty || gaps }

    /// The lines that pass.
    func filter() throws -> RouteFilter {
        RouteFilter(bindings: try bindings(), matches: try matches(), showsGaps: gaps)
    }

    private func bindings() throws -> [Binding] { try binding.map { try Binding($0) } }

    private func matches() throws -> [EventMatch] { try match.map { try EventMatch($0) } }
}
