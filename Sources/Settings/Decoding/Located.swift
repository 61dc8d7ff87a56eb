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
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
