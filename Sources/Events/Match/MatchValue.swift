/// A value of an event as conditions see it: a string by its text, everything else by its JSON.
enum MatchValue: Sendable {
    /// The event lacks the value.
    case absent
    /// These of the batch's bytes.
    case verbatim(Range<Int>)
    /// The text of a string that has escapes: these of the bytes that were decoded.
    case decoded(Range<Int>)

    /// Finds a value.
    ///
    /// - Parameters:
    ///   - bytes: the batch's bytes.
    ///   - decoded: where texts are put that do not stand in the event as they are.
    init(
        at path: JSONPath, of line: EventBatch.Line, in bytes: UnsafeRawBufferPointer,
        decodingInto decoded: inout [UInt8]
    ) {
        guard let range = line.value(at: path, in: bytes), let batch = JSONBytes(bytes) else {
            self = .absent
            return
        }
        if batch[range.lowerBound] != UInt8(ascii: "\"") {
            self = .verbatim(range)
        } else if batch.endOfPlainText(from: range.lowerBound + 1) == range.upperBound - 1 {
            self = .verbatim((range.lowerBound + 1)..<(range.upperBound - 1))
        } else {
            let start = decoded.count
            JSONString.decode(batch, from: range.lowerBound, to: range.upperBound, into: &decoded)
            self = .decoded(start..<decoded.count)
        }
    }

    /// Looks at the value's bytes.
    ///
    /// - Returns: `nil` when there is no value.
    @inline(__always)
    func withBytes<Answer>(
        in bytes: UnsafeRawBufferPointer, decoded: [UInt8], _ look: (UnsafeRawBufferPointer) -> Answer
    ) -> Answer? {
        switch self {
        case .absent: nil
        case .verbatim(let range): look(UnsafeRawBufferPointer(rebasing: bytes[range]))
        case .decoded(let range): decoded.withUnsafeBytes { look(UnsafeRawBufferPointer(rebasing: $0[range])) }
        }
    }
}
