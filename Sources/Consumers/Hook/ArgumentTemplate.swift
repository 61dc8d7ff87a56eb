import Events

/// One argument of a hook's command: text with `{dotted.path}` placeholders, which an event fills in.
///
/// Whatever the event holds, it stays one argument. A path that is missing in the event, or `null`, is a failure, unless
/// it is written `{path?}`: then it is empty. `{{` and `}}` stand for braces. Strings are filled in as their text,
/// everything else as its JSON.
struct ArgumentTemplate: Sendable {
    private enum Piece: Sendable {
        case literal(String)
        case value(JSONPath, isOptional: Bool)
    }

    private var pieces: [Piece] = []

    /// Reads an argument as it stands in the config file.
    init(_ text: String) throws(HookCommandError) {
        guard !text.utf8.contains(0) else {
            throw HookCommandError(message: "\(text.debugDescription) holds a NUL byte, which no argument can")
        }
        var rest = text[...]
        var literal = ""
        while let character = rest.popFirst() {
            switch (character, rest.first) {
            case ("{", "{"), ("}", "}"):
                rest.removeFirst()
                literal.append(character)
            case ("{", _):
                guard let end = rest.firstIndex(of: "}") else {
                    throw HookCommandError(
                        message:
                            "a placeholder has no end in \(text.debugDescription); write } after it, or {{ for a brace")
                }
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(try Self.placeholder(rest[..<end]))
                rest = rest[end...].dropFirst()
            case ("}", _):
                throw HookCommandError(
                    message: "a closing brace without an opening one in \(text.debugDescription); write }} for a brace")
            default: literal.append(character)
            }
        }
        if !literal.isEmpty || pieces.isEmpty { pieces.append(.literal(literal)) }
    }

    private static func placeholder(_ name: Substring) throws(HookCommandError) -> Piece {
        let isOptional = name.hasSuffix("?")
        let path = isOptional ? name.dropLast() : name
        let isPlain = path.utf8.allSatisfy {
            $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "{")
        }
        guard isPlain, let parsed = JSONPath(path) else {
            throw HookCommandError(
                message:
                    "\("{\(name)}".debugDescription) is no placeholder; write a path such as {data.id}, or {{ for a brace"
            )
        }
        return .value(parsed, isOptional: isOptional)
    }

    /// Whether an event has a part in the argument.
    var hasPlaceholders: Bool {
        pieces.contains { if case .value = $0 { true } else { false } }
    }

    /// The argument, where it is the same for every event; else `nil`.
    var text: String? {
        guard !hasPlaceholders, case .literal(let text) = pieces.first else { return nil }
        return text
    }

    /// Whether the first thing in the argument is an event's.
    private var beginsWithPlaceholder: Bool {
        if case .value = pieces.first { true } else { false }
    }

    /// The argument for an event.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - isAfterDashes: whether `--` stands before it in the command, so that nothing is taken for an option.
    func fill(from event: EventView, isAfterDashes: Bool) throws(ConsumerFailure) -> String {
        var argument = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): argument += text
            case .value(let path, let isOptional):
                let text = event.json(at: path).flatMap { $0.elementsEqual("null".utf8) ? nil : event.text(at: path) }
                guard let text else {
                    guard !isOptional else { continue }
                    throw ConsumerFailure(
                        .giveUp, "the event has no \(path), which the command needs; {\(path)?} would do without")
                }
                guard !text.utf8.contains(0) else {
                    throw ConsumerFailure(.giveUp, "\(path) holds a NUL byte, which no argument can")
                }
                argument += text
            }
        }
        if beginsWithPlaceholder, !isAfterDashes, argument.hasPrefix("-") {
            throw ConsumerFailure(
                .giveUp,
                "an argument from the event begins with “-”, and would be taken for an option; put \"--\" before it in the command"
            )
        }
        return argument
    }
}

extension EventView {
    /// The JSON of the value at a path; `nil` when there is none.
    fileprivate func json(at path: JSONPath) -> ArraySlice<UInt8>? {
        guard let range = value(at: path), let start = json.indices.first else { return nil }
        // Ranges are offsets in the batch's bytes, and so are the indices of the slice.
        return range.lowerBound >= start ? json[range] : nil
    }
}
