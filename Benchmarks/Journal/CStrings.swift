/// Strings as C has them, each with a zero byte at its end, in one piece of memory.
final class CStrings {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let offsets: [Int]

    init(_ strings: [String]) {
        var (text, offsets): ([UInt8], [Int]) = ([], [])
        for string in strings {
            offsets.append(text.count)
            text += string.utf8
            text.append(0)
        }
        self.offsets = offsets
        bytes = .allocate(capacity: text.count)
        _ = bytes.initialize(from: text)
    }

    deinit { bytes.deallocate() }

    /// One of them; it is there as long as this object is.
    subscript(_ number: Int) -> UnsafePointer<CChar>? {
        UnsafeRawPointer(bytes.baseAddress).map { ($0 + offsets[number]).assumingMemoryBound(to: CChar.self) }
    }
}
