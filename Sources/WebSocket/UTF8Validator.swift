import CSIMD

/// Checks that a text is UTF-8 while it arrives, in any number of pieces.
///
/// The rules are table 3-7 of the Unicode Standard: no overlong forms, no surrogates, nothing above U+10FFFF. A byte that
/// no valid text can have in its place is found when that byte is given, not at the end of its sequence, which is what
/// lets a connection fail in the middle of a frame.
public struct UTF8Validator: Sendable {
    /// Continuation bytes that the sequence begun still needs.
    private var missing: UInt8 = 0
    /// What the next continuation byte may be: narrower than 80…BF only right after E0, ED, F0 and F4.
    private var lowerBound: UInt8 = 0x80
    private var upperBound: UInt8 = 0xBF

    /// A validator at the beginning of a text.
    public init() {}

    /// Whether no sequence is unfinished, so that the text may end here.
    public var isAtBoundary: Bool { missing == 0 }

    /// Checks the next piece of the text.
    ///
    /// - Parameter bytes: The bytes that follow those given before.
    /// - Returns: Whether the text can still be valid. After `false` the validator is of no further use.
    public mutating func validate(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let count = bytes.count
        var index = 0
        while true {
            // The two quick steps accept only; what they leave is judged byte by byte: a sequence that the piece's end
            // may cut, or one that is wrong.
            if missing == 0 {
                index = Self.endOfASCII(base, from: index, count: count)
                index = Self.endOfSequences(base, from: index, count: count)
            }
            guard index < count else { return true }
            guard accept(base.load(fromByteOffset: index, as: UInt8.self)) else { return false }
            index += 1
        }
    }

    /// Takes one byte of any kind.
    private mutating func accept(_ byte: UInt8) -> Bool {
        guard missing > 0 else { return byte < 0x80 || begin(byte) }
        guard byte >= lowerBound, byte <= upperBound else { return false }
        lowerBound = 0x80
        upperBound = 0xBF
        missing -= 1
        return true
    }

    /// Takes the first byte of a sequence of two to four.
    private mutating func begin(_ lead: UInt8) -> Bool {
        switch lead {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowerBound) = (2, 0xA0)
        case 0xED: (missing, upperBound) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowerBound) = (3, 0x90)
        case 0xF4: (missing, upperBound) = (3, 0x8F)
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }

    /// The offset of the first byte at or after `start` that is not ASCII, or `count`.
    ///
    /// Every load below ends at or before `count`: the condition of its loop says so.
    @inline(__always)
    private static func endOfASCII(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while count &- index >= 64, kz_is_ascii(base + index) { index &+= 64 }
        let rest = count &- index
        // The end of a text that is long enough: some bytes are looked at twice, but all at once.
        if rest > 0, rest < 64, count >= 64, kz_is_ascii(base + (count &- 64)) { return count }
        while count - index >= 8 {
            let high = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self)) & highBits
            if high != 0 { return index + high.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < count, base.load(fromByteOffset: index, as: UInt8.self) < 0x80 {
            index += 1
        }
        return index
    }

    /// The offset at which no valid sequence of two to four bytes begins any more, or fewer than four bytes are left.
    @inline(__always)
    private static func endOfSequences(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        var index = start
        while count - index >= 4 {
            let word = UInt32(bigEndian: base.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            if word & 0xE0C0_0000 == 0xC080_0000 {
                guard word >= 0xC200_0000 else { break }
                index += 2
            } else if word & 0xF0C0_C000 == 0xE080_8000 {
                // E0 80…9F is overlong, ED A0…BF is a surrogate.
                let bits = word & 0x0F20_0000
                guard bits != 0, bits != 0x0D20_0000 else { break }
                index += 3
            } else if word & 0xF8C0_C0C0 == 0xF080_8080 {
                guard word >= 0xF090_0000, word < 0xF490_0000 else { break }
                index += 4
            } else {
                break
            }
        }
        return index
    }
}

extension UTF8Validator {
    /// Whether these bytes are a whole, valid text.
    ///
    /// - Parameter bytes: The text.
    /// - Returns: `false` also where the last sequence is cut short.
    public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var validator = UTF8Validator()
        return validator.validate(bytes) && validator.isAtBoundary
    }
}
