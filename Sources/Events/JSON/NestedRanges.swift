/// Where the arrays and objects stand that are members of an object: what lies between them is all on one level, and can
/// be searched without a walk.
///
/// Most objects have few, near their beginning, so offsets take two bytes. They count from the opening brace, and stay
/// what they are wherever the object is moved.
struct NestedRanges: Equatable, Sendable {
    /// How many ranges there is room for; calls have three.
    static let most = 4

    /// Lower and upper bounds in turn.
    private var bounds = InlineArray<8, UInt16>(repeating: 0)
    /// How many ranges there are.
    private(set) var count: UInt8 = 0
    /// Whether there is no other array or object, and no key is written with escapes. Without it, only a walk finds a member.
    private(set) var isComplete: Bool

    /// Nothing is known of the object.
    static let unknown = NestedRanges(isComplete: false)
    /// The object has no such member.
    static let none = NestedRanges(isComplete: true)

    private init(isComplete: Bool) { self.isComplete = isComplete }

    /// The range at a position, which must be less than ``count``.
    @inline(__always)
    subscript(position: Int) -> Range<Int> {
        Int(bounds[2 &* position])..<Int(bounds[2 &* position &+ 1])
    }

    /// Adds the next range; without room for it, they are no longer complete.
    mutating func append(from lower: Int, to upper: Int) {
        guard count < Self.most, upper <= UInt16.max else { return giveUp() }
        bounds[2 &* Int(count)] = UInt16(truncatingIfNeeded: lower)
        bounds[2 &* Int(count) &+ 1] = UInt16(truncatingIfNeeded: upper)
        count &+= 1
    }

    /// Something stands in the way of a search.
    mutating func giveUp() { isComplete = false }

    static func == (one: NestedRanges, other: NestedRanges) -> Bool {
        one.isComplete == other.isComplete && one.count == other.count
            && one.bounds.indices.allSatisfy { one.bounds[$0] == other.bounds[$0] }
    }
}
