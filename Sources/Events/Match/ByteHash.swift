/// A hash of bytes for tables in memory: eight bytes a step, each mixed in by a multiplication of full width.
enum ByteHash {
    /// The hash of some bytes; another one for each seed.
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let count = bytes.count
        var hash = UInt64(truncatingIfNeeded: count) ^ seed
        guard count >= 8 else {
            guard count < 4 else {
                return mixed(hash ^ (half(in: bytes, at: 0) << 32 | half(in: bytes, at: count &- 4)))
            }
            var rest: UInt64 = 0
            for byte in bytes { rest = rest << 8 | UInt64(byte) }
            return mixed(hash ^ rest)
        }
        var offset = 0
        while offset &+ 8 < count {
            hash = mixed(hash ^ bytes.word(at: offset))
            offset &+= 8
        }
        // The last word may overlap the one before.
        return mixed(hash ^ bytes.word(at: count &- 8))
    }

    @inline(__always)
    private static func half(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
