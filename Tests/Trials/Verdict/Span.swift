import Events

/// A stretch of time by the system's clock.
struct Span: Equatable, Sendable, CustomStringConvertible {
    var from: Timestamp
    var to: Timestamp

    init(_ from: Timestamp, _ to: Timestamp) {
        self.from = from
        self.to = to
    }

    /// Whether they have a moment in common, or come as close as `tolerance` to it, in microseconds.
    func meets(_ other: Span, tolerance: Int64) -> Bool {
        from.microseconds - tolerance <= other.to.microseconds && other.from.microseconds - tolerance <= to.microseconds
    }

    /// How far apart they are, in microseconds; 0 where they meet.
    func distance(to other: Span) -> Int64 {
        max(0, other.from.microseconds - to.microseconds, from.microseconds - other.to.microseconds)
    }

    /// Its length, in microseconds.
    var length: Int64 { to.microseconds - from.microseconds }

    var description: String { "\(Self.time(from)) – \(Self.time(to))" }

    /// The time of day.
    private static func time(_ moment: Timestamp) -> Substring { moment.description.dropFirst(11).dropLast() }
}
