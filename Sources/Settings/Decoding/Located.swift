/// A value and where it comes from, for what can be judged only later.
public struct Located<Value> {
    /// The value.
    public var value: Value
    /// Where it comes from.
    public var origin: Origin

    /// Creates a located value.
    public init(_ value: Value, at origin: Origin) {
        self.value = value
        self.origin = origin
    }
}

extension Located: Sendable where Value: Sendable {}

/// Where a value comes from plays no part: a line that has moved has not changed.
extension Located: Equatable where Value: Equatable {
    /// Whether the values are equal.
    public static func == (one: Self, other: Self) -> Bool { one.value == other.value }
}
