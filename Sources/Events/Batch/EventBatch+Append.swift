extension EventBatch {
    /// Appends an event, byte for byte.
    ///
    /// Line feeds and carriage returns between the tokens become spaces, because an event is one line; inside strings
    /// JSON does not allow them.
    ///
    /// - Parameters:
    ///   - event: a JSON object.
    ///   - index: where its top-level values stand, as ``JSONScanner`` found them in the same bytes.
    public mutating func append(event: UnsafeRawBufferPointer, located index: JSONScanner.Index) {
        let start = UInt32(bytes.count)
        bytes.append(contentsOf: event)
        if index.hasLineBreaks { flattenLineBreaks(from: Int(start)) }
        var line = finishLine(.event, from: start)
        line.nameValue = index.slots[.name].shifted(by: start)
        line.routingKeyValue = index.slots[.routingKey].shifted(by: start)
        line.subscribedKeyValue = index.slots[.subscribedKey].shifted(by: start)
        line.dataValue = index.slots[.data].shifted(by: start)
        line.nestedInData = index.nestedInData
        if index.messageIDStart > 0 { line.messageIDStart = index.messageIDStart + start }
        lines.append(line)
    }

    /// Appends a frame that is not JSON, as `{"action":"invalid","raw_base64":"…"}`.
    public mutating func append(invalid frame: UnsafeRawBufferPointer) {
        let start = UInt32(bytes.count)
        bytes += #"{"action":"invalid","raw_base64":""#.utf8
        Base64.encode(frame, into: &bytes)
        bytes += #""}"#.utf8
        lines.append(finishLine(.invalid, from: start))
    }

    /// Appends a line of the tool's own, such as `{"action":"gap",…}`.
    public mutating func append(notice: JSONValue) {
        let start = UInt32(bytes.count)
        notice.encode(into: &bytes)
        lines.append(finishLine(.notice, from: start))
    }

    /// Makes room, so that appending does not have to.
    public mutating func reserveCapacity(bytes byteCount: Int, lines lineCount: Int) {
        bytes.reserveCapacity(byteCount)
        lines.reserveCapacity(lineCount)
    }

    mutating func finishLine(_ kind: Line.Kind, from start: UInt32) -> Line {
        let text = ByteRange(lower: start, upper: UInt32(bytes.count))
        bytes.append(UInt8(ascii: "\n"))
        defer { appended += 1 }
        return Line(kind: kind, ordinal: appended, text: text)
    }

    private mutating func flattenLineBreaks(from start: Int) {
        for offset in start..<bytes.count where bytes[offset] == 0x0A || bytes[offset] == 0x0D {
            bytes[offset] = 0x20
        }
    }
}
