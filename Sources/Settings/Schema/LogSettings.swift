/// The section `log`: how the program talks about itself.
public struct LogSettings: Equatable, Sendable, SectionReadable {
    /// The least important message that is shown; the names are swift-log's.
    public enum Level: String, CaseIterable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How messages look.
    public enum Form: String, CaseIterable, Sendable {
        case text, json
    }

    /// The least important message that is shown.
    public var level: Level
    /// How messages look.
    public var form: Form

    /// Reads the keys.
    public init?(from section: inout Section) {
        level = section.value("level", .choice, default: "notice")
        form = section.value("format", .choice, default: "text")
    }
}
