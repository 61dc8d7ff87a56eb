extension JSONWalk {
    /// The offset after the value of the top-level `data`, an object that begins at `start`.
    ///
    /// Of its members, it is remembered where `msg_id` stands and what is nested. Most of an event's strings are here.
    @inline(never)
    mutating func endOfData(from start: Int) throws(JSONSyntaxError) -> Int {
        guard depthLimit > 1 else { throw JSONSyntaxError(reason: .tooDeep, offset: start) }
        let bytes = bytes
        var offset = try firstKey(inObjectAt: start)
        var strings = strings
        while bytes[offset] == UInt8(ascii: "\"") {
            let key = offset
            let keyEnd: Int
            if let end = strings.plainEnd(in: bytes, from: key) {
                keyEnd = end
            } else {
                keyEnd = try endOfEscapedKey(from: key)
            }
            // As nearly all are written: a string, without whitespace.
            if bytes.holdsPair(":\"", at: keyEnd) {
                if keyEnd &- key == 8 { rememberMessageID(behind: key, at: keyEnd &+ 1) }
                offset = try strings.end(in: bytes, from: keyEnd &+ 1)
            } else {
                self.strings = strings
                offset = try endOfMember(key..<keyEnd, inDataAt: start)
                strings = self.strings
            }
            offset = bytes.holdsPair(",\"", at: offset) ? offset &+ 1 : try nextKey(behind: offset)
        }
        self.strings = strings
        return offset &+ 1
    }

    /// The offset after the value of a member of `data`.
    @inline(never)
    private mutating func endOfMember(_ key: Range<Int>, inDataAt start: Int) throws(JSONSyntaxError) -> Int {
        let value = try startOfValue(behind: key.upperBound)
        if key.count == 8 { rememberMessageID(behind: key.lowerBound, at: value) }
        let end = try endOfValue(from: value, inside: 2)
        if bytes[value] | 0x20 == UInt8(ascii: "{") { nestedInData.append(from: value &- start, to: end &- start) }
        return end
    }

    /// Remembers where the value of a key stands, if it is `msg_id`.
    @inline(never)
    private mutating func rememberMessageID(behind key: Int, at value: Int) {
        guard messageIDStart == 0, bytes.holds("\"msg_id\"", at: key) else { return }
        messageIDStart = UInt32(truncatingIfNeeded: value)
    }

    /// The offset after a key that holds an escape, or something wrong: no member can be sought in this object.
    @inline(never)
    private mutating func endOfEscapedKey(from start: Int) throws(JSONSyntaxError) -> Int {
        nestedInData.giveUp()
        return try JSONScanner.endOfString(bytes, from: start)
    }
}
