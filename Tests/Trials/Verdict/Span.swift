import Events

/// A stretch of time by the system's clock.
struct Span: Equatable, Sendable, CustomStringConvertible {
    var from: Timestamp
    var to: Timestamp

    init(_ from: Timestamp, _ to: Timestamp) {
        self.from = from
        self.to = to
    }

    /// Whether they have a moment in common, or come as close as `tolerance` to it.
    func meets(_ other: Span, tolerance: Duration) -> Bool {
        from - tolerance <= other.to && other.from - tolerance <= to
    }

    /// How far apart they are; zero where they meet.
    func distance(to other: Span) -> Duration {
        max(.zero, other.from - to, from - other.to)
    }

    /// Its length.
    var length: Duration { to - from }

    var description: String { "\(Self.time(from)) – \(Self.time(to))" }

    /// The time of day.
    private static func time(_ moment: Timestamp) -> Substring { moment.description.dropFirst(11).dropLast() }
}
