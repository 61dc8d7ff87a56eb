/// The values of one event that conditions ask for: each path is followed at most once, whoever asks.
public struct MatchValues: Sendable {
    private var paths: [JSONPath] = []
    /// What was found last at each path, and for which event.
    private var values: [(event: Int, value: MatchValue)] = []
    /// The number of the event that is asked now.
    private var event = 0
    /// The texts of the strings that have escapes.
    private var decoded: [UInt8] = []

    /// Creates a store for no path; each ``MatchIndex`` adds its own.
    public init() {}

    /// Forgets the values: the next event comes.
    public mutating func removeAll() {
        event &+= 1
        if !decoded.isEmpty { decoded.removeAll(keepingCapacity: true) }
    }

    /// The number of a path, from now on.
    mutating func number(of path: JSONPath) -> Int {
        if let number = paths.firstIndex(of: path) { return number }
        paths.append(path)
        values.append((event - 1, .absent))
        return paths.count - 1
    }

    /// Looks at the value at the path with this number.
    ///
    /// - Returns: `nil` when the event lacks it.
    @inline(__always)
    mutating func withValue<Answer>(
        _ number: Int, of line: EventBatch.Line, in bytes: UnsafeRawBufferPointer,
        _ look: (UnsafeRawBufferPointer) -> Answer
    ) -> Answer? {
        if values[number].event != event {
            values[number] = (event, MatchValue(at: paths[number], of: line, in: bytes, decodingInto: &decoded))
        }
        return values[number].value.withBytes(in: bytes, decoded: decoded, look)
    }
}
