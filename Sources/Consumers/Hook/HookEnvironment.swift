import Events
import Glibc

/// What a hook finds in its environment: little of the program's own, what the config file adds, and facts of the event.
///
/// Of the program's own environment only `PATH`, `HOME`, `LANG`, `TZ` and `USER` are passed on: whatever else is there,
/// such as credentials and systemd's sockets, is none of a hook's business.
public struct HookEnvironment: Sendable {
    /// How long a fact of an event may be, in bytes; a longer one is cut, and ends with `…`. A megabyte would not fit.
    public static let factLimit = 8 << 10

    private static let passedOn = ["PATH", "HOME", "LANG", "TZ", "USER"]
    private static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private let variables: [String: String]

    /// Creates an environment.
    ///
    /// - Parameters:
    ///   - additions: what the config file adds, or puts in the place of what is passed on.
    ///   - own: gives a variable of the program's own environment.
    /// - Throws: which variable cannot be.
    public init(
        adding additions: [String: String] = [:], own: (String) -> String? = Self.own
    ) throws(HookCommandError) {
        for (name, value) in additions.sorted(by: { $0.key < $1.key }) {
            let isGood = name.utf8.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
            guard isGood, !name.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == 0 }) else {
                throw HookCommandError(message: "\(name.debugDescription) is not the name of a variable")
            }
            guard !value.utf8.contains(0) else {
                throw HookCommandError(message: "the variable \(name) holds a NUL byte, which none can")
            }
        }
        var variables: [String: String] = [:]
        for name in Self.passedOn { variables[name] = own(name) }
        variables.merge(additions) { $1 }
        if variables["PATH"]?.isEmpty ?? true { variables["PATH"] = Self.standardPath }
        self.variables = variables
    }

    /// A variable of the program's own environment.
    public static func own(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Where programs are looked for.
    var path: String { variables["PATH"] ?? Self.standardPath }

    /// The environment without an event, as `NAME=value`.
    var entries: [String] { variables.map { "\($0)=\($1)" } }

    /// The environment for an attempt to deliver an event, as `NAME=value`. A fact that the event lacks is empty.
    func entries(for event: EventView, attempt: Int) -> [String] {
        var variables = variables
        variables["KAZOO_EVENT_NAME"] = Self.fact(event.name)
        variables["KAZOO_ROUTING_KEY"] = Self.fact(event.routingKey)
        variables["KAZOO_ACCOUNT_ID"] = Self.fact(event.accountID)
        variables["KAZOO_EVENT_ID"] = Self.fact(event.eventID)
        variables["KAZOO_SEQ"] = String(event.sequence)
        variables["KAZOO_ATTEMPT"] = String(attempt)
        return variables.map { "\($0)=\($1)" }
    }

    /// A text as a variable can hold it: NUL becomes U+FFFD, and what is too long is cut between two characters.
    static func fact(_ text: String?) -> String {
        guard var text else { return "" }
        if text.utf8.contains(0) {
            text = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
        }
        guard text.utf8.count > factLimit else { return text }
        let mark = "…"
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: factLimit - mark.utf8.count)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end]) + mark
    }
}
