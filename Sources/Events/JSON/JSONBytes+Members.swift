extension JSONBytes {
    /// Some of the bytes; `nil` when there are none.
    func slice(_ range: Range<Int>) -> JSONBytes? {
        JSONBytes(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Walks over the members of the object that the bytes are, until `visit` answers `false`; over nothing when they are
    /// no object. Keys come with their quotation marks.
    func forEachMember(_ visit: (_ key: Range<Int>, _ value: Range<Int>) -> Bool) {
        var offset = skipWhitespace(from: 0)
        guard offset < count, self[offset] == UInt8(ascii: "{") else { return }
        var strings = StringEnds(of: self)
        repeat {
            let key = skipWhitespace(from: offset + 1)
            guard key < count, self[key] == UInt8(ascii: "\"") else { return }
            let keyEnd = (try? strings.end(in: self, from: key)) ?? count
            let value = skipWhitespace(from: min(skipWhitespace(from: keyEnd) + 1, count))
            let isString = value < count && self[value] == UInt8(ascii: "\"")
            let valueEnd = isString ? (try? strings.end(in: self, from: value)) ?? count : skipValue(from: value)
            guard visit(key..<keyEnd, value..<valueEnd) else { return }
            offset = skipWhitespace(from: valueEnd)
        } while offset < count && self[offset] == UInt8(ascii: ",")
    }
}
