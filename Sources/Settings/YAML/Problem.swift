/// Something that is wrong in the settings, and where.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where it is wrong.
    public var origin: Origin
    /// What is wrong and what to do, in one line.
    public var message: String
    /// What was probably meant.
    public var suggestion: String?

    /// Creates a problem.
    public init(_ message: String, at origin: Origin, suggestion: String? = nil) {
        self.origin = origin
        self.message = message
        self.suggestion = suggestion
    }

    /// `FILE:LINE:COLUMN: message (did you mean “…”?)`; the message alone where nobody has said anything anywhere.
    public var description: String {
        let place = origin == .builtIn ? "" : "\(origin): "
        return place + message + (suggestion.map { " (did you mean \(Quotation.of($0))?)" } ?? "")
    }
}

extension Sequence<Problem> {
    /// In the order of the file; what does not come from the file comes first.
    public func inOrder() -> [Problem] {
        let nowhere = SourcePosition(line: 0, column: 0)
        let placed = enumerated().map { (position: $1.origin.position ?? nowhere, number: $0, problem: $1) }
        // Those at one place stay in the order in which they were found.
        return placed.sorted { ($0.position, $0.number) < ($1.position, $1.number) }.map(\.problem)
    }
}
