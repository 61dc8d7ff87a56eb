import CSIMD

/// Bytes sought and compared, eight a step.
extension UnsafeRawBufferPointer {
    /// The offset of the first byte at or after `start` that is one or the other; ``count`` if none.
    package func offset(of one: UInt8, or other: UInt8, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (patternOfOne, patternOfOther) = (ones &* UInt64(one), ones &* UInt64(other))
        guard start < count else { return count }
        var offset = start
        while offset &+ 8 <= count {
            let word = self.word(at: offset)
            let found = kz_zero_bytes(word ^ patternOfOne) | kz_zero_bytes(word ^ patternOfOther)
            if found != 0 { return offset &+ (found.trailingZeroBitCount >> 3) }
            offset &+= 8
        }
        while offset < count, self[offset] != one, self[offset] != other { offset &+= 1 }
        return offset
    }

    /// The offset of the first `byte`; ``count`` if none.
    @inline(__always)
    func offset(of byte: UInt8) -> Int { offset(of: byte, or: byte, from: 0) }

    /// Whether these bytes are the same as others.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        guard count >= 8 else {
            while offset < count, self[offset] == other[offset] { offset &+= 1 }
            return offset == count
        }
        while offset &+ 8 < count {
            guard word(at: offset) == other.word(at: offset) else { return false }
            offset &+= 8
        }
        // The last word may overlap the one before.
        return word(at: count &- 8) == other.word(at: count &- 8)
    }

    /// Eight bytes, of which the first is the lowest.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
