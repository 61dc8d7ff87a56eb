public import Events

/// `type: hook`: a program that is started for events.
public struct HookSettings: ConsumerType {
    /// `hook`.
    public static let name = "hook"

    /// What is started.
    public enum Command: Equatable, Sendable {
        /// A program and its arguments, without a shell; an argument may have `{dotted.path}` placeholders.
        case arguments([Located<String>])
        /// A script for `/bin/sh`.
        case shell(Located<String>)
    }

    /// How often it is started.
    public enum Mode: Equatable, Sendable {
        /// Once for each event.
        case event(EventHookSettings)
        /// Once, for all of them, one a line on its standard input.
        case stream
    }

    /// What is started.
    public var command: Command
    /// How often.
    public var mode: Mode
    /// What its environment has beside the facts of the event.
    public var environment: [String: String]

    private enum ModeName: String, CaseIterable {
        case event, stream
    }

    /// Reads the keys.
    public init?(from section: inout Section) {
        let command = Self.command(from: &section)
        let name: ModeName = section.value("mode", .choice, default: "event")
        let mode: Mode?
        switch name {
        case .event: mode = EventHookSettings(from: &section).map { .event($0) }
        case .stream:
            mode = .stream
            for key in EventHookSettings.keys {
                section.refuse(key, because: "“\(key)” has no meaning with “mode: stream”; leave it out")
            }
        }
        environment = Self.environment(from: &section)
        guard let command, let mode else { return nil }
        self.command = command
        self.mode = mode
    }

    private static func command(from section: inout Section) -> Command? {
        let arguments = section.optional("command", .command)
        let shell = section.optional("shell", .located(.text))
        switch (section.has("command"), section.has("shell")) {
        case (true, true):
            section.report(
                "“command” and “shell” exclude each other; give one of them", at: section.origin(of: "shell"))
            return nil
        case (false, false):
            section.report("what is to be started? give “command” or “shell”", at: section.origin)
            return nil
        case (true, false): return arguments.map { .arguments($0) }
        case (false, true): return shell.map { .shell($0) }
        }
    }

    private static func environment(from section: inout Section) -> [String: String] {
        var variables: [String: String] = [:]
        for (name, value) in section.optional("environment", .pairs(.literal.redacted)) ?? [] {
            let isGood = name.value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }
            if name.value.isEmpty || !isGood {
                section.report("\(Quotation.of(name.value)) is not the name of a variable", at: name.origin)
            }
            variables[name.value] = value
        }
        return variables
    }
}

/// The keys of a hook that is started once for each event.
public struct EventHookSettings: Equatable, Sendable {
    /// How long one run may take.
    public var timeout: Duration
    /// How many run at once.
    public var concurrency: Int
    /// Events with the same value here are handed over one after the other; `nil` where their order is of no matter.
    public var orderBy: JSONPath?
    /// What happens after a failure.
    public var retry: RetrySettings

    static let keys = ["timeout", "concurrency", "order_by", "retry"]

    init?(from section: inout Section) {
        timeout = section.value("timeout", .duration(.milliseconds(100)...Quantity.longest), default: "30s")
        concurrency = section.value("concurrency", .integer(1...1000), default: "1")
        orderBy = section.optional("order_by", .dottedPath)
        guard let retry = section.section("retry", RetrySettings.self) else { return nil }
        self.retry = retry
    }
}

/// The keys below `retry`.
public struct RetrySettings: Equatable, Sendable, SectionReadable {
    /// How often an event is tried, the first time included.
    public var attempts: Int
    /// The waits: from the first, each longer than the one before, to the longest.
    public var backoff: ClosedRange<Duration>

    /// Reads the keys.
    public init?(from section: inout Section) {
        attempts = section.value("attempts", .integer(1...1000), default: "5")
        backoff = section.value("backoff", .durations, default: "1s..5m")
    }
}

extension Reading<[Located<String>]> {
    /// A program and its arguments.
    fileprivate static var command: Self {
        Self { node, findings in
            if case .scalar = node.content, !node.isEmpty {
                let advice = "write [PROGRAM, ARGUMENT, …], or “shell” instead of “command”"
                findings.report(Problem("a list is expected here, which no shell sees; \(advice)", at: node.origin))
                return .init(value: nil, shown: node)
            }
            let outcome = nonEmptyList(.located(.literal)).read(node, &findings)
            guard let program = outcome.value?.first else { return outcome }
            // Only here, because arguments are nobody's business but the program's.
            let judged = Reading<String>.text(.program).read(
                YAMLNode(text: program.value, origin: program.origin), &findings)
            return judged.value == nil ? .init(value: nil, shown: outcome.shown) : outcome
        }
    }
}

extension Reading<JSONPath> {
    /// The way to a value inside an event.
    static var dottedPath: Self {
        scalar(expecting: "a path, such as data.id") { text throws(Mismatch) in
            guard let path = JSONPath(text) else {
                throw Mismatch("\(Quotation.of(text)) is no path; write keys with dots between them, such as data.id")
            }
            return path
        }
    }
}
