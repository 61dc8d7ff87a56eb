/// The end of what was written into a pipe: as much of it as may be unread, from the beginning of a line.
struct UnreadLines {
    /// As much as a pipe holds, in bytes.
    let capacity: Int
    private var bytes: [UInt8] = []

    init(capacity: Int) { self.capacity = capacity }

    /// Notes that bytes were written.
    mutating func wrote(_ written: ArraySlice<UInt8>) {
        bytes.append(contentsOf: written)
        // Now and then, so that it costs little.
        guard bytes.count > 4 * capacity else { return }
        bytes.removeFirst(beginning(ofLineAt: bytes.count - capacity))
    }

    /// The lines that have to be sent again when the last `count` bytes are unread.
    ///
    /// A line of which a part was read is among them as a whole, and so is one of which only a part was written.
    func lines(ofLast count: Int) -> ArraySlice<UInt8> {
        let torn = bytes.count - beginning(ofLineAt: bytes.count)
        let missing = max(min(count, bytes.count), torn)
        return missing > 0 ? bytes[beginning(ofLineAt: bytes.count - missing)...] : []
    }

    private func beginning(ofLineAt position: Int) -> Int {
        bytes[..<position].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
}
