/// One line an event for eyes on a terminal: when, what, whose, and what matters about it.
///
///     01:47:37.000  CHANNEL_CREATE   009afc51  inbound    +4930123456 → 1001          MTYzNDU2Nzg5
///     01:47:38.125  doc_edited       009afc51  user       2e9ba14a71b3e306caf5ecd8afeabaf9
///
/// The time is UTC. Everything that comes from outside is made harmless first (``TerminalText``).
struct PrettyFormat: LineFormat {
    /// The width of the longest name of a call event.
    private static let nameWidth = 15
    private static let accountWidth = 8
    private let color: Bool
    private let showsTime: Bool

    init(color: Bool, showsTime: Bool = true) {
        self.color = color
        self.showsTime = showsTime
    }

    func append(_ event: EventView, to output: inout [UInt8]) {
        if showsTime {
            paint(.dim, &output) { event.receivedAt.encodeTimeOfDay(into: &$0) }
            output += "  ".utf8
        }
        let name = Self.name(of: event)
        paint(Self.style(of: event, name), &output) { Self.pad(name, to: Self.nameWidth, &$0) }
        output += "  ".utf8
        paint(.dim, &output) {
            Self.pad(event.accountID.map { String($0.prefix(Self.accountWidth)) } ?? "-", to: Self.accountWidth, &$0)
        }
        for fact in PrettyFacts.facts(of: event) {
            output += "  ".utf8
            Self.pad(fact.text, to: fact.width, &output)
        }
        while output.last == UInt8(ascii: " ") { output.removeLast() }
        output.append(UInt8(ascii: "\n"))
    }

    private static func name(of event: EventView) -> String {
        switch event.kind {
        case .event where event.family == .conference: event.text(at: .conferenceEvent) ?? event.name ?? "-"
        case .event: event.name ?? "-"
        case .invalid, .notice: event.text(at: .action) ?? "-"
        }
    }

    private static func pad(_ text: String, to width: Int, _ output: inout [UInt8]) {
        let columns = TerminalText.append(text, limit: 120, to: &output)
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, width - columns)))
    }

    // MARK: Colour

    private enum Style: String {
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case magenta = "35"
        case cyan = "36"
    }

    private static func style(of event: EventView, _ name: String) -> Style {
        guard event.kind == .event else { return .red }
        return switch name {
        case "CHANNEL_CREATE", "doc_created", "start": .green
        case "CHANNEL_ANSWER", "CHANNEL_BRIDGE": .cyan
        case "CHANNEL_DESTROY", "doc_deleted", "stop", "PARK_ABANDONED": .red
        default: event.family == .call || event.family == .object ? .yellow : .blue
        }
    }

    private func paint(_ style: Style, _ output: inout [UInt8], _ write: (inout [UInt8]) -> Void) {
        guard color else { return write(&output) }
        output += "\u{1B}[\(style.rawValue)m".utf8
        write(&output)
        output += "\u{1B}[0m".utf8
    }
}
