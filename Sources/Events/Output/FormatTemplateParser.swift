/// Reads a ``FormatTemplate``, character by character.
struct FormatTemplateParser {
    private let characters: [Character]
    private var position = 0
    private var literal: [UInt8] = []
    private var pieces: [FormatTemplate.Piece] = []

    init(_ template: some StringProtocol) {
        characters = Array(template)
    }

    mutating func parse() throws(FormatTemplateError) -> [FormatTemplate.Piece] {
        while position < characters.count {
            let next = position + 1 < characters.count ? characters[position + 1] : nil
            switch (characters[position], next) {
            case ("{", "{"), ("}", "}"):
                literal += String(characters[position]).utf8
                position += 2
            case ("{", _):
                try parsePlaceholder()
            case ("}", _):
                throw error("a closing brace without an opening one; write }} for a brace")
            case ("\\", let next):
                try parseEscape(next)
            default:
                literal += String(characters[position]).utf8
                position += 1
            }
        }
        endLiteral()
        return pieces
    }

    private mutating func parsePlaceholder() throws(FormatTemplateError) {
        guard let end = characters[position...].firstIndex(of: "}") else {
            throw error("the placeholder has no end; write } after it, or {{ for a brace")
        }
        let name = String(characters[(position + 1)..<end])
        let piece = try self.piece(named: name)
        endLiteral()
        pieces.append(piece)
        position = end + 1
    }

    private func piece(named name: String) throws(FormatTemplateError) -> FormatTemplate.Piece {
        if let field = FormatTemplate.Field(rawValue: name) { return .field(field) }
        if name == "data" || name.hasPrefix("data."), let path = JSONPath(name) { return .path(path) }
        let names = FormatTemplate.Field.allCases.map(\.rawValue)
        if let nearest = Nearest.match(name, among: names) {
            throw error("there is no placeholder {\(name)}; did you mean {\(nearest)}?")
        }
        throw error(
            "there is no placeholder {\(name)}; there are \(names.joined(separator: ", ")), "
                + "and paths into the event such as data.call_id")
    }

    private mutating func parseEscape(_ escape: Character?) throws(FormatTemplateError) {
        switch escape {
        case "n": literal.append(0x0A)
        case "t": literal.append(0x09)
        case "r": literal.append(0x0D)
        case "0": literal.append(0x00)
        case "e": literal.append(0x1B)
        case "\\": literal.append(UInt8(ascii: "\\"))
        case let other?: throw error("\\\(other) is no escape; there are \\n \\t \\r \\0 \\e and \\\\")
        case nil: throw error("a backslash at the end; write \\\\ for one")
        }
        position += 2
    }

    private mutating func endLiteral() {
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = []
    }

    private func error(_ message: String) -> FormatTemplateError {
        FormatTemplateError(column: position + 1, message: message)
    }
}
