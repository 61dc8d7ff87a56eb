/// What `--format` writes for each event: text with placeholders, such as `'{received_at} {name} {data.call_id}\n'`.
///
/// A placeholder is one of the ``Field`` names or a path into the event that begins with `data.`. A value that the event
/// lacks leaves nothing behind; strings are written as their text, unescaped, everything else as JSON. `{{` and `}}` stand
/// for braces; `\n`, `\t`, `\r`, `\0`, `\e` (escape) and `\\` mean what they mean in a shell's `printf`. No newline is
/// added to the template's own.
public struct FormatTemplate: LineFormat {
    /// The names of the placeholders that are not paths.
    public enum Field: String, CaseIterable, Sendable {
        /// The number of the event in its session.
        case seq
        /// When it was received, in RFC 3339.
        case receivedAt = "received_at"
        /// The event's id, `msg_id` and `routing_key` joined by a plus sign.
        case id
        /// The account that the event is about.
        case accountID = "account_id"
        /// The connection that brought it.
        case connection
        /// Its name, such as `CHANNEL_CREATE`.
        case name
        /// Its routing key.
        case routingKey = "routing_key"
        /// The key of the subscription that brought it.
        case subscribedKey = "subscribed_key"
        /// What kind of line it is: `event`, `invalid`, `gap`.
        case action
        /// Its family, such as `call`.
        case family
    }

    enum Piece: Equatable, Sendable {
        case literal([UInt8])
        case field(Field)
        case path(JSONPath)
    }

    let pieces: [Piece]

    /// Reads a template.
    ///
    /// - Throws: what is wrong, in which column, and what to do.
    public init(_ template: some StringProtocol) throws(FormatTemplateError) {
        var parser = FormatTemplateParser(template)
        pieces = try parser.parse()
    }

    func append(_ event: EventView, to output: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .literal(let bytes): output.append(contentsOf: bytes)
            case .path(let path): output.append(contentsOf: (event.text(at: path) ?? "").utf8)
            case .field(.receivedAt): event.receivedAt.encode(into: &output)
            case .field(let field): output.append(contentsOf: (Self.text(of: field, event) ?? "").utf8)
            }
        }
    }

    private static func text(of field: Field, _ event: EventView) -> String? {
        switch field {
        case .seq: String(event.sequence)
        case .receivedAt: event.receivedAt.description
        case .id: event.eventID
        case .accountID: event.accountID
        case .connection: event.connection
        case .name: event.name
        case .routingKey: event.routingKey
        case .subscribedKey: event.subscribedKey
        case .action: event.text(at: .action)
        case .family: event.kind == .event ? event.family.description : nil
        }
    }
}

/// Why a template cannot be read.
public struct FormatTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The character at which the mistake begins, counted from 1.
    public var column: Int
    /// What is wrong and what to do, in one line.
    public var message: String

    /// The message with the column before it.
    public var description: String { "column \(column): \(message)" }
}
