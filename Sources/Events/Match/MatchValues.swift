/// The values of one event that conditions ask for: each path is followed at most once, whoever asks.
public struct MatchValues: Sendable {
    private var paths: [JSONPath] = []
    private var values: [MatchValue?] = []

    /// Creates a store for no path; each ``MatchIndex`` adds its own.
    public init() {}

    /// Forgets the values: the next event comes.
    public mutating func removeAll() {
        for number in values.indices { values[number] = nil }
    }

    /// The number of a path, from now on.
    mutating func number(of path: JSONPath) -> Int {
        if let number = paths.firstIndex(of: path) { return number }
        paths.append(path)
        values.append(nil)
        return paths.count - 1
    }

    /// The value at the path with this number.
    mutating func value(_ number: Int, of event: EventView) -> MatchValue {
        if let value = values[number] { return value }
        let value = MatchValue(at: paths[number], of: event)
        values[number] = value
        return value
    }
}
