import Events
import Glibc

/// What a hook starts: a program with its arguments, or a script for `/bin/sh`.
public struct HookCommand: Sendable {
    private enum Form: Sendable {
        case arguments([ArgumentTemplate], dashes: Int?)
        case shell(String)
    }

    /// The file that is executed.
    public let program: String
    private let form: Form
    let environment: HookEnvironment

    /// A program and its arguments, which no shell sees.
    ///
    /// - Parameters:
    ///   - words: the program, by its absolute path or its name in `PATH`, and its arguments, which may have
    ///     `{dotted.path}` placeholders. A value from the event that begins an argument must not begin with `-`, unless
    ///     an earlier argument is `--`.
    ///   - environment: what the hook finds in its environment.
    /// - Throws: what is wrong and what to do, also when there is no such program.
    public init(_ words: [String], environment: HookEnvironment) throws(HookCommandError) {
        guard let name = words.first, !name.isEmpty else { throw HookCommandError(message: "no program is named") }
        guard try !ArgumentTemplate(name).hasPlaceholders else {
            throw HookCommandError(
                message: "\(name): an event cannot choose the program; only arguments have placeholders")
        }
        program = try Self.find(name, in: environment.path)
        var arguments: [ArgumentTemplate] = []
        for word in words.dropFirst() { arguments.append(try ArgumentTemplate(word)) }
        form = .arguments(arguments, dashes: words.dropFirst().firstIndex(of: "--").map { $0 - 1 })
        self.environment = environment
    }

    /// A script for `/bin/sh -c`, in which no event has a part: it is on standard input, and its facts in the environment.
    ///
    /// - Throws: what is wrong and what to do, where the script has placeholders.
    public init(shell script: String, environment: HookEnvironment) throws(HookCommandError) {
        if let placeholder = Self.placeholder(in: script) {
            throw HookCommandError(
                message: "\(placeholder) is not filled in here, for an event must not become part of a script; "
                    + "read the event from standard input (jq -r .data.id) or use $KAZOO_EVENT_NAME and its like, "
                    + "or give a “command” instead")
        }
        guard !script.utf8.contains(0) else { throw HookCommandError(message: "the script holds a NUL byte") }
        program = try Self.find("/bin/sh", in: environment.path)
        form = .shell(script)
        self.environment = environment
    }

    /// What looks like a placeholder in a script. Shells and what they start have uses for braces of their own, so only
    /// the names of Kazoo's values count, and not those of shell variables (`${name}`).
    private static func placeholder(in script: String) -> Substring? {
        let names = ["action", "data", "name", "routing_key", "subscribed_key", "subscription_key"]
        for part in script.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard script[..<part.startIndex].dropLast().last != "$", let end = part.firstIndex(of: "}") else {
                continue
            }
            let path = part[..<end].split(separator: "?", omittingEmptySubsequences: false)[0]
            let root = path.prefix { $0 != "." }
            if names.contains(String(root)), JSONPath(path) != nil, !path.contains(where: \.isWhitespace) {
                return script[script.index(before: part.startIndex)...end]
            }
        }
        return nil
    }

    /// The arguments for an event, without the program.
    ///
    /// - Throws: a failure that gives the event up, where it cannot become arguments.
    func arguments(for event: EventView) throws(ConsumerFailure) -> [String] {
        switch form {
        case .shell(let script): return ["-c", script]
        case .arguments(let templates, let dashes):
            var arguments: [String] = []
            for (position, template) in templates.enumerated() {
                let isAfterDashes = dashes.map { position > $0 } ?? false
                arguments.append(try template.fill(from: event, isAfterDashes: isAfterDashes))
            }
            return arguments
        }
    }

    /// The arguments of a process that gets every event; placeholders have no meaning for it.
    func arguments() throws(HookCommandError) -> [String] {
        switch form {
        case .shell(let script): return ["-c", script]
        case .arguments(let templates, _):
            var arguments: [String] = []
            for template in templates {
                guard let text = template.text else {
                    throw HookCommandError(
                        message: "placeholders have no meaning with “mode: stream”, whose events are on standard input")
                }
                arguments.append(text)
            }
            return arguments
        }
    }

    // MARK: The program

    /// The path of a program.
    private static func find(_ name: String, in path: String) throws(HookCommandError) -> String {
        if name.hasPrefix("/") {
            switch judge(name) {
            case nil: return name
            case let reason?: throw HookCommandError(message: "\(name): \(reason)")
            }
        }
        guard !name.utf8.contains(UInt8(ascii: "/")) else {
            throw HookCommandError(
                message: "\(name) depends on the working directory, which is / for hooks; write its whole path")
        }
        for folder in path.split(separator: ":") where folder.hasPrefix("/") && judge("\(folder)/\(name)") == nil {
            return "\(folder)/\(name)"
        }
        throw HookCommandError(message: "there is no program \(name) in \(path)")
    }

    /// Why a file cannot be executed; `nil` when it can.
    private static func judge(_ file: String) -> String? {
        var status = stat()
        guard stat(file, &status) == 0, access(file, X_OK) == 0 else { return String(cString: strerror(errno)) }
        return status.st_mode & S_IFMT == S_IFREG ? nil : "this is no file"
    }
}
