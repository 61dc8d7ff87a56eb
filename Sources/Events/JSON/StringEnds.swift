import CSIMD

/// Finds where the strings of a JSON text end, 64 bytes at a time.
///
/// What is known of 64 bytes serves all the strings that end among them: events are made of many short ones. The text is
/// given with each question, so that the walk that asks can hold everything in registers.
struct StringEnds {
    private static let windowSize = 64

    /// Where the 64 bytes begin that are known.
    private var window = 0
    /// Which of them are quotation marks, backslashes or control characters; the lowest bit is for the first.
    private var marks: UInt64

    /// Looks at the beginning of a text.
    @inline(__always)
    init(of bytes: JSONBytes) {
        marks = bytes.count >= Self.windowSize ? kz_string_marks(bytes.base) : Self.marks(ofShort: bytes)
    }

    /// The offset after the string whose opening quotation mark stands at `start`; not before one that was asked for
    /// earlier.
    @inline(__always)
    mutating func end(in bytes: JSONBytes, from start: Int) throws(JSONSyntaxError) -> Int {
        if let end = plainEnd(in: bytes, from: start) { return end }
        return try JSONScanner.endOfString(bytes, from: start)
    }

    /// The same for a string without escapes; `nil` where there is one, or something wrong.
    @inline(__always)
    mutating func plainEnd(in bytes: JSONBytes, from start: Int) -> Int? {
        var first = start &+ 1
        while true {
            let distance = first &- window
            if distance < Self.windowSize {
                let marks = marks &>> UInt64(truncatingIfNeeded: distance)
                if marks != 0 {
                    let end = first &+ marks.trailingZeroBitCount
                    return bytes[end] == UInt8(ascii: "\"") ? end &+ 1 : nil
                }
                first = window &+ Self.windowSize
            }
            // A text of less than 64 bytes ends here at the latest.
            guard first < bytes.count else { return nil }
            window = min(first, bytes.count &- Self.windowSize)
            marks = kz_string_marks(bytes.base + window)
        }
    }

    /// The marks of a text of less than 64 bytes; there are none behind it.
    @inline(never)
    private static func marks(ofShort bytes: JSONBytes) -> UInt64 {
        var padded = SIMD64<UInt8>(repeating: UInt8(ascii: " "))
        return withUnsafeMutableBytes(of: &padded) { padded in
            padded.copyMemory(from: UnsafeRawBufferPointer(start: bytes.base, count: bytes.count))
            return padded.baseAddress.map { kz_string_marks($0) } ?? 0
        }
    }
}
