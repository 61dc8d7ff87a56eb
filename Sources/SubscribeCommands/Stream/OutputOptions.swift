public import ArgumentParser
public import Events
import Subscriber

/// What is printed of the events, and when to stop: shared by `stream` and `demo`.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("End after so many events.", valueName: "n"))
    var count: Int?

    @Option(
        help: ArgumentHelp(
            "End with exit code 124 when no event comes for so long: seconds, or 500ms, 5m, 1h.", valueName: "time"))
    var wait: TimeSpan?

    @Option(help: ArgumentHelp("End after so long.", valueName: "time"))
    var duration: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "raw: what Kazoo sent, byte for byte. envelope: with number, time and id. cloudevents: CloudEvents 1.0. pretty: for eyes.",
            valueName: "form"))
    var output: OutputFormat = .raw

    @Option(
        help: ArgumentHelp(
            "Print this text for each event instead, such as '{received_at} {name} {data.call_id}\\n'.",
            valueName: "template"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "Only events in which the value at this dotted path is this, * stands for anything: data.type=user. May be repeated: all must match.",
            valueName: "path=value"))
    var match: [String] = []

    @Flag(help: "Print a line {\"action\":\"gap\",...} where events may have been missed.")
    var gaps = false

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count wants a number of events, at least 1") }
        if format != nil, output != .raw {
            throw ValidationError("--format and --output exclude each other; give one of them")
        }
        do { _ = try matches() } catch { throw ValidationError("--match: \(error)") }
        do { _ = try formatter(host: "host", colour: false) } catch { throw ValidationError("--format: \(error)") }
    }

    /// What every printed event matches.
    func matches() throws -> [EventMatch] { try match.map { try EventMatch($0) } }

    /// How events are printed.
    ///
    /// - Parameter host: the cluster's host, which CloudEvents name as their source.
    func formatter(host: String, colour: Bool) throws -> EventFormatter {
        if let format { return EventFormatter(template: try FormatTemplate(format)) }
        return EventFormatter(output, host: host, color: colour)
    }
}

extension OutputFormat: ExpressibleByArgument {}
