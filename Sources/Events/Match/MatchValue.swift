/// A value of an event as conditions see it: a string by its text, everything else by its JSON.
enum MatchValue: Sendable {
    /// The event lacks the value.
    case absent
    /// These of the batch's bytes.
    case verbatim(Range<Int>)
    /// The text of a string that has escapes.
    case decoded([UInt8])

    init(at path: JSONPath, of event: EventView) {
        guard let range = event.value(at: path) else {
            self = .absent
            return
        }
        self = event.batch.bytes.withUnsafeBytes { bytes in
            guard let literal = JSONBytes(UnsafeRawBufferPointer(rebasing: bytes[range])),
                literal[0] == UInt8(ascii: "\"")
            else { return .verbatim(range) }
            if literal.endOfPlainText(from: 1) == literal.count - 1 {
                return .verbatim((range.lowerBound + 1)..<(range.upperBound - 1))
            }
            var text: [UInt8] = []
            JSONString.decode(literal, from: 0, to: literal.count, into: &text)
            return .decoded(text)
        }
    }

    /// Looks at the value's bytes.
    ///
    /// - Returns: `nil` when there is no value.
    func withBytes<Answer>(in event: EventView, _ body: (UnsafeRawBufferPointer) -> Answer) -> Answer? {
        switch self {
        case .absent: nil
        case .verbatim(let range):
            event.batch.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        case .decoded(let text): text.withUnsafeBytes(body)
        }
    }
}
