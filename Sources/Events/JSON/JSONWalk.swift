/// One walk of the scanner over a text: the top level, where it remembers the values of the known keys.
///
/// The members of `data` are walked over by ``endOfData(from:)``, which has less to remember; what lies deeper is left to a
/// loop that remembers nothing, ``endOfContainer(from:inside:)``.
struct JSONWalk {
    let bytes: JSONBytes
    let depthLimit: Int
    var strings: StringEnds
    /// Whether the whitespace so far holds a line feed or carriage return.
    private var hasLineBreaks = false
    /// Where the value of `data.msg_id` begins; 0 as long as there is none.
    var messageIDStart: UInt32 = 0
    /// What is nested in `data`.
    var nestedInData = NestedRanges.none

    init(over bytes: JSONBytes, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        strings = StringEnds(of: bytes)
    }

    /// Walks over the whole text.
    ///
    /// - Parameter index: is written anew, in place: it is large, and would cost more to be returned.
    mutating func run(into index: inout JSONScanner.Index) throws(JSONSyntaxError) {
        index.slots.clear()
        let start = try nextToken(from: 0)
        var end = start
        index.isObject = bytes[start] == UInt8(ascii: "{")
        if index.isObject {
            end = try endOfObject(from: start, into: &index.slots)
        } else {
            end = try endOfValue(from: start, inside: 0)
        }
        if end < bytes.count { end = skipWhitespace(from: end) }
        guard end == bytes.count else { throw JSONSyntaxError(reason: .unexpectedByte, offset: end) }
        index.hasLineBreaks = hasLineBreaks
        index.messageIDStart = messageIDStart
        index.nestedInData = nestedInData
    }

    /// The offset after the top-level object that begins at `start`.
    private mutating func endOfObject(
        from start: Int, into slots: inout JSONScanner.Slots
    ) throws(JSONSyntaxError) -> Int {
        guard depthLimit > 0 else { throw JSONSyntaxError(reason: .tooDeep, offset: start) }
        var offset = try firstKey(inObjectAt: start)
        let bytes = bytes
        var strings = strings
        while bytes[offset] == UInt8(ascii: "\"") {
            let keyEnd = try strings.end(in: bytes, from: offset)
            let slot = JSONScanner.slot(ofKeyIn: bytes, from: offset, to: keyEnd)
            let (value, end): (Int, Int)
            // As nearly all are written: a string, without whitespace.
            if bytes.holdsPair(":\"", at: keyEnd) {
                value = keyEnd &+ 1
                end = try strings.end(in: bytes, from: value)
            } else {
                self.strings = strings
                value = try startOfValue(behind: keyEnd)
                let isData = slot == .data && bytes[value] == UInt8(ascii: "{") && slots[.data] == .absent
                end = isData ? try endOfData(from: value) : try endOfValue(from: value, inside: 1)
                strings = self.strings
            }
            slots.record(slot, from: value, to: end)
            offset = bytes.holdsPair(",\"", at: end) ? end &+ 1 : try nextKey(behind: end)
        }
        return offset &+ 1
    }

    /// The offset after the value that begins at `start`, inside of `depth` containers.
    @inline(__always)
    mutating func endOfValue(from start: Int, inside depth: Int) throws(JSONSyntaxError) -> Int {
        switch bytes[start] {
        case UInt8(ascii: "\""): try strings.end(in: bytes, from: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): try endOfContainer(from: start, inside: depth)
        default: try JSONScanner.endOfScalar(bytes, from: start)
        }
    }

    // MARK: Between the values

    /// The offset of the first key of the object that begins at `start`, or of its closing bracket.
    @inline(__always)
    mutating func firstKey(inObjectAt start: Int) throws(JSONSyntaxError) -> Int {
        let offset = try nextToken(from: start &+ 1)
        guard bytes[offset] == UInt8(ascii: "\"") || bytes[offset] == UInt8(ascii: "}") else {
            throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
        }
        return offset
    }

    /// The offset of the key that follows a value and a comma, or of the object's closing bracket.
    @inline(__always)
    mutating func nextKey(behind valueEnd: Int) throws(JSONSyntaxError) -> Int {
        var offset = try nextToken(from: valueEnd)
        if bytes[offset] == UInt8(ascii: "}") { return offset }
        if bytes[offset] == UInt8(ascii: ",") {
            offset = try nextToken(from: offset &+ 1)
            if bytes[offset] == UInt8(ascii: "\"") { return offset }
        }
        throw JSONSyntaxError(reason: .unexpectedByte, offset: offset)
    }

    /// The offset of the value whose key ends at `keyEnd`.
    @inline(__always)
    mutating func startOfValue(behind keyEnd: Int) throws(JSONSyntaxError) -> Int {
        let colon = try nextToken(from: keyEnd)
        guard bytes[colon] == UInt8(ascii: ":") else {
            throw JSONSyntaxError(reason: .unexpectedByte, offset: colon)
        }
        return try nextToken(from: colon &+ 1)
    }

    /// The offset of the next byte that is no whitespace; the text may not end before it.
    @inline(__always)
    mutating func nextToken(from start: Int) throws(JSONSyntaxError) -> Int {
        if start < bytes.count, bytes[start] > 0x20 { return start }
        let offset = skipWhitespace(from: start)
        guard offset < bytes.count else { throw JSONSyntaxError(reason: .unexpectedEnd, offset: bytes.count) }
        return offset
    }

    @inline(never)
    private mutating func skipWhitespace(from start: Int) -> Int {
        var offset = start
        while offset < bytes.count, JSONBytes.isWhitespace(bytes[offset]) {
            if bytes[offset] == 0x0A || bytes[offset] == 0x0D { hasLineBreaks = true }
            offset &+= 1
        }
        return offset
    }
}
