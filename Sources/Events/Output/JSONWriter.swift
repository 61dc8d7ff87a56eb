/// Writes the members of one flat JSON object, raw values among them.
struct JSONWriter {
    private var isFirst = true

    /// Appends `{`, or the comma before another member, and the member's key.
    private mutating func appendKey(_ key: StaticString, to output: inout [UInt8]) {
        output.append(UInt8(ascii: isFirst ? "{" : ","))
        isFirst = false
        output.append(UInt8(ascii: "\""))
        output.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        output.append(UInt8(ascii: "\""))
        output.append(UInt8(ascii: ":"))
    }

    /// Appends a string.
    mutating func append(_ key: StaticString, _ text: String, to output: inout [UInt8]) {
        appendKey(key, to: &output)
        JSONString.encode(text, into: &output)
    }

    /// Appends a whole number.
    mutating func append(_ key: StaticString, _ number: UInt64, to output: inout [UInt8]) {
        appendKey(key, to: &output)
        output += String(number).utf8
    }

    /// Appends a moment, as a string.
    mutating func append(_ key: StaticString, _ moment: Timestamp, to output: inout [UInt8]) {
        appendKey(key, to: &output)
        output.append(UInt8(ascii: "\""))
        moment.encode(into: &output)
        output.append(UInt8(ascii: "\""))
    }

    /// Appends a value that is JSON already.
    mutating func append(_ key: StaticString, raw value: ArraySlice<UInt8>, to output: inout [UInt8]) {
        appendKey(key, to: &output)
        output.append(contentsOf: value)
    }

    /// Appends a string that is made of parts which are escaped already.
    mutating func append(_ key: StaticString, escaped parts: ArraySlice<UInt8>..., to output: inout [UInt8]) {
        appendKey(key, to: &output)
        output.append(UInt8(ascii: "\""))
        for part in parts { output.append(contentsOf: part) }
        output.append(UInt8(ascii: "\""))
    }

    /// Appends `null`.
    mutating func appendNull(_ key: StaticString, to output: inout [UInt8]) {
        appendKey(key, to: &output)
        output += "null".utf8
    }

    /// Appends `}` and the newline.
    func finishLine(_ output: inout [UInt8]) {
        output += isFirst ? "{}\n".utf8 : "}\n".utf8
    }
}
