import CYAML

/// The owner of libyaml's parser: gives its events, and its errors as problems with a place.
struct YAMLParser: ~Copyable {
    // libyaml keeps a pointer to its parser inside of it: it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeBufferPointer<UInt8>
    private let file: String

    /// Creates a parser.
    ///
    /// - Parameters:
    ///   - text: outlives the parser.
    ///   - file: the name of the file, for messages.
    init(_ text: UnsafeBufferPointer<UInt8>, file: String) {
        self.text = text
        self.file = file
        parser = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "out of memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event.
    func next() throws(Problem) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }

    /// A place in the file.
    func origin(_ mark: yaml_mark_t) -> Origin {
        .file(file, SourcePosition(line: mark.line + 1, column: mark.column + 1))
    }

    /// Where the file begins.
    var beginning: Origin { .file(file, SourcePosition(line: 1, column: 1)) }

    // MARK: Errors

    private func problem() -> Problem {
        let state = parser.pointee
        let words = state.problem.map { String(cString: $0) } ?? "it cannot be read"
        switch state.error {
        case YAML_READER_ERROR:
            let character = state.problem_value >= 0 ? " (#x\(String(state.problem_value, radix: 16)))" : ""
            let message =
                words.contains("control")
                ? "\(words)\(character)" : "the file is not UTF-8: \(words)\(character)"
            return Problem(message, at: .file(file, position(ofByte: state.problem_offset)))
        case YAML_MEMORY_ERROR:
            return Problem("out of memory", at: beginning)
        default:
            let offset = min(state.problem_mark.index, text.count)
            let context = state.context.map { String(cString: $0) } ?? ""
            var message = "not YAML: \(words)"
            if !context.isEmpty {
                message += " \(context)"
                if state.context_mark.line != state.problem_mark.line {
                    message += " that begins in line \(state.context_mark.line + 1)"
                }
            }
            let hint = Self.hint(context: context, byte: byte(atScalar: offset)).map { "; \($0)" } ?? ""
            return Problem(message + hint, at: .file(file, clamped(state.problem_mark)))
        }
    }

    /// What helps against the mistakes that people make.
    private static func hint(context: String, byte: UInt8?) -> String? {
        switch byte {
        case _ where context.contains("alias") || context.contains("anchor"):
            "a text that begins with * or & must stand in quotes"
        case UInt8(ascii: "\t"): "tabs cannot indent; use spaces"
        case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"):
            "a text that begins with @, ` or % must stand in quotes"
        default: nil
        }
    }

    /// libyaml counts scalars, not bytes.
    private func byte(atScalar index: Int) -> UInt8? {
        var count = 0
        for byte in text where byte & 0xC0 != 0x80 {
            if count == index { return byte }
            count += 1
        }
        return nil
    }

    /// libyaml finds the end of the file after its last line: the end of that line is what an editor can show.
    private func clamped(_ mark: yaml_mark_t) -> SourcePosition {
        let last = position(ofByte: text.last == UInt8(ascii: "\n") ? text.count - 1 : text.count)
        return min(SourcePosition(line: mark.line + 1, column: mark.column + 1), last)
    }

    private func position(ofByte offset: Int) -> SourcePosition {
        let before = text.prefix(offset)
        let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let column = line.last.map { $0.count { $0 & 0xC0 != 0x80 } } ?? 0
        return SourcePosition(line: max(line.count, 1), column: column + 1)
    }
}
