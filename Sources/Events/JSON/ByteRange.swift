/// A range of bytes in four plus four bytes; the empty range stands for "absent", as no JSON value is empty.
///
/// Batches keep several of these for each line, so they are half the size of `Range<Int>` and need no optional.
struct ByteRange: Equatable, Sendable {
    /// Where the range begins.
    var lower: UInt32
    /// Where the range ends, exclusive.
    var upper: UInt32

    /// No range at all.
    static let absent = ByteRange(lower: 0, upper: 0)

    /// The same range as the standard library's type; `nil` when absent.
    var range: Range<Int>? {
        lower < upper ? Int(lower)..<Int(upper) : nil
    }

    /// The same range, counted from a place that lies `distance` bytes before; an absent one stays absent.
    func shifted(by distance: UInt32) -> ByteRange {
        lower < upper ? ByteRange(lower: lower + distance, upper: upper + distance) : self
    }

    /// The same range, counted from a place that lies `distance` bytes later; an absent one stays absent.
    func shifted(down distance: UInt32) -> ByteRange {
        lower < upper ? ByteRange(lower: lower - distance, upper: upper - distance) : self
    }
}

extension ByteRange {
    /// What stands between the quotation marks of the string at this range; `nil` for other values and empty strings.
    func stringContent(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard upper > lower + 2, bytes[Int(lower)] == UInt8(ascii: "\"") else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[(Int(lower) + 1)..<(Int(upper) - 1)])
    }
}
