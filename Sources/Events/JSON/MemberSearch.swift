import CSIMD

/// The members of an object whose keys begin with some bytes, found 64 places at a time, without a walk over the others.
///
/// A quotation mark that is followed by a letter opens a string, unless it is escaped, because behind a closing one there
/// is only whitespace or punctuation. So a key can be recognised where it stands, if the object is known to be JSON, what
/// is nested in it is left out, and no key is written with escapes.
struct MemberSearch {
    private static let windowSize = 64

    private let bytes: JSONBytes
    private let nested: NestedRanges
    private let beginning: UnsafeRawBufferPointer
    /// How many of the nested ranges have been passed.
    private var passed = 0
    /// Where the 64 places begin that are looked at.
    private var window = 0
    /// Which of them have the marks of a key; the lowest bit is for the first.
    private var marks: UInt64 = 0
    /// The places before it can hold a key, up to the next nested range.
    private var limit = 0

    /// Begins a search.
    ///
    /// - Parameters:
    ///   - beginning: what the keys begin with.
    ///   - bytes: the object.
    /// - Returns: `nil` when a walk must do it.
    @inline(__always)
    init?(for beginning: UnsafeRawBufferPointer, in bytes: JSONBytes, nested: NestedRanges) {
        guard nested.isComplete, let first = beginning.first, !Self.mayFollowString(first),
            bytes.count >= Self.windowSize &+ beginning.count
        else { return nil }
        self.bytes = bytes
        self.nested = nested
        self.beginning = beginning
        limit = endOfPlaces()
        look()
    }

    /// The next member.
    @inline(__always)
    mutating func next() -> JSONMembers.Member? {
        while true {
            while marks != 0 {
                let place = window &+ marks.trailingZeroBitCount
                marks &= marks &- 1
                if let member = member(at: place) { return member }
            }
            guard goOn() else { return nil }
        }
    }

    /// Looks at the next places, up to some that have marks.
    ///
    /// - Returns: `false` when there are no more.
    @inline(__always)
    private mutating func goOn() -> Bool {
        let (bytes, beginning, limit) = (bytes, beginning, limit)
        var place = window &+ Self.windowSize
        // Most places come 64 at a time, and have no marks.
        while place &+ Self.windowSize <= limit {
            marks = Self.marks(of: beginning, in: bytes, from: place)
            if marks != 0 {
                window = place
                return true
            }
            place &+= Self.windowSize
        }
        window = place
        while window >= self.limit {
            guard passed < Int(nested.count) else { return false }
            window = nested[passed].upperBound
            passed &+= 1
            self.limit = endOfPlaces()
        }
        look()
        return true
    }

    /// Where the places end that lie before the next nested range and have room for a key.
    @inline(__always)
    private func endOfPlaces() -> Int {
        (passed < Int(nested.count) ? nested[passed].lowerBound : bytes.count) &- beginning.count &- 1
    }

    /// Finds the marks of the window's places.
    @inline(__always)
    private mutating func look() {
        // Near the end of the object, some places are looked at that are known.
        let start = min(window, bytes.count &- Self.windowSize &- beginning.count)
        marks = Self.marks(of: beginning, in: bytes, from: start) &>> UInt64(truncatingIfNeeded: window &- start)
        let places = limit &- window
        if places < Self.windowSize { marks &= places > 0 ? (1 &<< UInt64(truncatingIfNeeded: places)) &- 1 : 0 }
    }

    /// Which of 64 places are followed by the first and the last byte of a key's beginning, each where it has to be.
    @inline(__always)
    private static func marks(of beginning: UnsafeRawBufferPointer, in bytes: JSONBytes, from start: Int) -> UInt64 {
        let last = beginning.count &- 1
        return kz_pair_marks(bytes.base + start + 1, beginning[0], beginning[last], last)
    }

    /// The member whose key begins at a place that has the marks of one, if it is one.
    @inline(__always)
    private func member(at place: Int) -> JSONMembers.Member? {
        let end = place &+ 1 &+ beginning.count
        // The key ends here, or goes on behind a dot, which is how paths are written.
        let isWhole = bytes[end] == UInt8(ascii: "\"")
        guard bytes[place] == UInt8(ascii: "\""), isWhole || bytes[end] == UInt8(ascii: "."), place > 0,
            bytes[place &- 1] != UInt8(ascii: "\\"),
            UnsafeRawBufferPointer(start: bytes.base + place + 1, count: beginning.count).isEqual(to: beginning)
        else { return nil }
        let keyEnd = isWhole ? end &+ 1 : bytes.skipString(from: place)
        let colon = bytes.skipWhitespace(from: keyEnd)
        guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else { return nil }
        let value = bytes.skipWhitespace(from: colon &+ 1)
        return (place..<keyEnd, value..<endOfValue(from: value))
    }

    @inline(__always)
    private func endOfValue(from start: Int) -> Int {
        if passed < Int(nested.count), nested[passed].lowerBound == start { return nested[passed].upperBound }
        return bytes.skipValue(from: start)
    }

    private static func mayFollowString(_ byte: UInt8) -> Bool {
        JSONBytes.isWhitespace(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",")
            || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }
}
