/// The end of what was written into a pipe: as much of it as may be unread, from the beginning of a line.
struct UnreadLines {
    /// As much as a pipe holds, in bytes.
    let capacity: Int
    private var bytes: [UInt8] = []

    init(capacity: Int) { self.capacity = capacity }

    /// How much memory is set aside for it, in bytes.
    var room: Int { bytes.capacity }

    /// Notes that bytes were written.
    ///
    /// What is kept goes into a new array. One that is changed while it is shared is copied with all of its room, which the
    /// allocator rounds up to a page: it would grow by a page each time, for ever.
    mutating func wrote(_ written: ArraySlice<UInt8>) {
        let mayBeUnread = written.endIndex - capacity
        if mayBeUnread > written.startIndex, let feed = written[..<mayBeUnread].lastIndex(of: UInt8(ascii: "\n")) {
            bytes = Array(written[(feed + 1)...])
        } else {
            bytes += written
            bytes = Array(bytes[beginning(ofLineAt: max(0, bytes.count - capacity))...])
        }
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
