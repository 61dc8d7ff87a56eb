/// The members of a JSON object, one after another, found by the scanner's own walk.
///
/// There is none where the bytes are no object, and none after the first thing that is no JSON.
struct JSONMembers {
    /// A key, with its quotation marks, and its value.
    typealias Member = (key: Range<Int>, value: Range<Int>)

    private var walk: JSONWalk
    /// Where the next key begins; `nil` when the object has ended.
    private var start: Int?

    /// The members of the object that the bytes begin with.
    init(of bytes: JSONBytes) {
        walk = JSONWalk(over: bytes, depthLimit: JSONScanner.depthLimit)
        guard let brace = try? walk.nextToken(from: 0), bytes[brace] == UInt8(ascii: "{") else { return }
        start = walk.key(at: try? walk.firstKey(inObjectAt: brace))
    }

    /// The next member; with a letter, the next one whose key begins with it, or with an escape.
    ///
    /// Most members are passed over, so the loop leaves to others what is rare: it has to fit into the registers.
    @inline(never)
    mutating func next(beginningWith letter: UInt8? = nil) -> Member? {
        guard var key = start else { return nil }
        start = nil
        let bytes = walk.bytes
        var strings = walk.strings
        // Of no letter, no bit is compared.
        let (letter, mask): (UInt8, UInt8) = (letter ?? 0, letter == nil ? 0 : .max)
        while true {
            guard let keyEnd = try? strings.end(in: bytes, from: key) else { return nil }
            let first = bytes[key &+ 1]
            if (first ^ letter) & mask == 0 || first == UInt8(ascii: "\\") {
                walk.strings = strings
                return member(key..<keyEnd)
            }
            let end: Int
            // As nearly all are written: a string, without whitespace.
            if bytes.holdsPair(":\"", at: keyEnd) {
                guard let stringEnd = try? strings.end(in: bytes, from: keyEnd &+ 1) else { return nil }
                end = stringEnd
            } else {
                walk.strings = strings
                guard let value = walk.value(behind: keyEnd) else { return nil }
                strings = walk.strings
                end = value.upperBound
            }
            if bytes.holdsPair(",\"", at: end) {
                key = end &+ 1
            } else {
                guard let next = walk.startOfKey(behind: end) else { return nil }
                key = next
            }
        }
    }

    /// The member with a key, behind which the walk goes on.
    @inline(__always)
    private mutating func member(_ key: Range<Int>) -> Member? {
        let bytes = walk.bytes
        let value: Range<Int>
        if bytes.holdsPair(":\"", at: key.upperBound) {
            let first = key.upperBound &+ 1
            guard let end = try? walk.strings.end(in: bytes, from: first) else { return nil }
            value = first..<end
        } else {
            guard let other = walk.value(behind: key.upperBound) else { return nil }
            value = other
        }
        let end = value.upperBound
        start = bytes.holdsPair(",\"", at: end) ? end &+ 1 : walk.startOfKey(behind: end)
        return (key, value)
    }
}

extension JSONWalk {
    /// The same offset, if a key stands there.
    @inline(__always)
    fileprivate func key(at offset: Int?) -> Int? {
        guard let offset, bytes[offset] == UInt8(ascii: "\"") else { return nil }
        return offset
    }

    /// Where the next key begins, behind a value and a comma; `nil` when there is none.
    @inline(never)
    fileprivate mutating func startOfKey(behind valueEnd: Int) -> Int? {
        key(at: try? nextKey(behind: valueEnd))
    }

    /// The value whose key ends at an offset.
    @inline(never)
    fileprivate mutating func value(behind keyEnd: Int) -> Range<Int>? {
        guard let value = try? startOfValue(behind: keyEnd),
            let end = try? endOfValue(from: value, inside: 1)
        else { return nil }
        return value..<end
    }
}

extension JSONBytes {
    /// Some of the bytes; `nil` when there are none.
    func slice(_ range: Range<Int>) -> JSONBytes? {
        JSONBytes(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Walks over the members of the object that the bytes begin with, until `visit` answers `false`.
    func forEachMember(_ visit: (_ key: Range<Int>, _ value: Range<Int>) -> Bool) {
        var members = JSONMembers(of: self)
        while let member = members.next(), visit(member.key, member.value) {}
    }
}
