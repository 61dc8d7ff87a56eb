/// How long events are kept. Without any bound they are kept for ever.
///
/// Neither ``age`` nor ``count`` removes what a consumer has not read. ``size`` does, where nothing else helps, and the
/// consumer is told what it missed.
public struct Retention: Equatable, Sendable {
    /// Events that are older may go.
    public var age: Duration?
    /// How large the file may become, in bytes, its write-ahead log not counted.
    public var size: Int?
    /// How many events are kept.
    public var count: Int?

    /// Creates bounds; `nil` for none.
    public init(age: Duration? = nil, size: Int? = nil, count: Int? = nil) {
        precondition(size ?? 1 > 0 && count ?? 1 > 0, "something must be left")
        self.age = age
        self.size = size
        self.count = count
    }
}
