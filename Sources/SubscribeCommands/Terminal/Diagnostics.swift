import Events
import Glibc
import Logging
import Subscriber
import Synchronization

/// Everything the program says that is not an event: lines on standard error.
///
/// On a terminal a line is for a person; in a file or a pipe it carries time and level; in the journal, which adds
/// those itself, neither. `--log-format json` gives one object a line.
struct Diagnostics: LogHandler {
    /// How a line looks.
    enum Form: Sendable {
        case terminal(colour: Bool)
        case plain
        case journal
        case json
    }

    /// What all loggers of a program have in common, and what can change while they are in use.
    final class Manner: Sendable {
        private let state: Mutex<(form: Form, level: Logger.Level)>

        /// How lines look.
        var form: Form { state.withLock { $0.form } }
        /// The least important message that is written.
        var level: Logger.Level { state.withLock { $0.level } }

        init(_ form: Form, level: Logger.Level) { state = Mutex((form, level)) }

        /// From now on lines look so.
        func change(to form: Form, level: Logger.Level) { state.withLock { $0 = (form, level) } }
    }

    private var manner: Manner
    var metadata: Logger.Metadata = [:]

    init(_ manner: Manner) { self.manner = manner }

    /// A logger that is given a level of its own leaves the common manner.
    var logLevel: Logger.Level {
        get { manner.level }
        set { manner = Manner(manner.form, level: newValue) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = line(event, at: .now)
        line += "\n"
        // One write, so that lines of several threads do not mix; what standard error refuses is lost.
        _ = LineOutput.write(line, to: STDERR_FILENO)
    }
}

extension Diagnostics {
    /// What is written for an event, without the newline.
    func line(_ event: LogEvent, at time: Timestamp) -> String {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        return switch manner.form {
        case .json: Self.json(event, facts, at: time)
        case .terminal(let colour): Self.person(event, facts, colour: colour)
        case .plain: "\(time) \(event.level) " + Self.text(event, facts)
        case .journal:
            // The journal takes each line for a message of its own.
            Self.text(event, facts).split(separator: "\n").map { "<\(event.level.priority)>\($0)" }.joined(
                separator: "\n")
        }
    }

    private static func text(_ event: LogEvent, _ facts: [(key: String, value: Logger.Metadata.Value)]) -> String {
        facts.reduce("\(event.message)") { line, fact in
            let value = "\(fact.value)"
            return line + " \(fact.key)=" + (value.contains(" ") ? JSONValue.string(value).json : value)
        }
    }

    private static func person(
        _ event: LogEvent, _ facts: [(key: String, value: Logger.Metadata.Value)], colour: Bool
    ) -> String {
        let paint: (String, String) -> String = { colour ? "\u{1b}[\($0)m\($1)\u{1b}[0m" : $1 }
        let name = paint("2", "kazoo-subscribe:")
        let level =
            switch event.level {
            case .error, .critical: paint("31;1", "error: ")
            case .warning: paint("33;1", "warning: ")
            default: ""
            }
        let details = facts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(name) \(level)\(event.message)" + (details.isEmpty ? "" : paint("2", " (\(details))"))
    }

    private static func json(
        _ event: LogEvent, _ facts: [(key: String, value: Logger.Metadata.Value)], at time: Timestamp
    ) -> String {
        let members = [
            JSONValue.Member("time", .string(time.description)),
            JSONValue.Member("level", .string(event.level.rawValue)),
            JSONValue.Member("message", .string(event.message.description)),
        ]
        return JSONValue.object(members + facts.map { JSONValue.Member($0.key, .string("\($0.value)")) }).json
    }
}

extension Logger.Level {
    /// The level as `sd-daemon(3)` writes it in front of a line.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
