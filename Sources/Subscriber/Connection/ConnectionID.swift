/// Names one connection for as long as the session lasts; the numbers count from 1.
public struct ConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many connections were attempted before this one, plus 1.
    public let number: Int

    /// Names a connection.
    public init(_ number: Int) { self.number = number }

    /// The number behind a hash sign.
    public var description: String { "#\(number)" }

    /// The older one is the smaller one.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
