extension JSONValue {
    /// How deeply a value may be nested: more than any message of Kazoo's, little enough to be read by recursion.
    public static let depthLimit = 128

    /// Reads a JSON text.
    ///
    /// - Throws: what is wrong, and where, when the text is not exactly one JSON value.
    public init(parsing text: UnsafeRawBufferPointer) throws(JSONSyntaxError) {
        _ = try JSONScanner.scan(text, depthLimit: Self.depthLimit)
        guard let bytes = JSONBytes(text) else { throw JSONSyntaxError(reason: .unexpectedEnd, offset: 0) }
        var offset = bytes.skipWhitespace(from: 0)
        self = Self.read(bytes, from: &offset)
    }

    /// Reads a JSON text.
    ///
    /// - Throws: what is wrong, and where, when the text is not exactly one JSON value.
    public init(parsing text: some StringProtocol) throws(JSONSyntaxError) {
        let result = Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(JSONSyntaxError) in try JSONValue(parsing: bytes) }
        }
        self = try result.get()
    }

    /// Appends the value as compact JSON.
    public func encode(into output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .number(let text): output += text.utf8
        case .string(let text): JSONString.encode(text, into: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                element.encode(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                JSONString.encode(member.key, into: &output)
                output.append(UInt8(ascii: ":"))
                member.value.encode(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// The value as compact JSON.
    public var json: String {
        var output: [UInt8] = []
        encode(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Reading what the scanner has accepted

    private static func read(_ bytes: JSONBytes, from offset: inout Int) -> JSONValue {
        guard offset < bytes.count else { return .null }
        let start = offset
        switch bytes[start] {
        case UInt8(ascii: "{"):
            return .object(readMembers(bytes, from: &offset))
        case UInt8(ascii: "["):
            return .array(readElements(bytes, from: &offset))
        case UInt8(ascii: "\""):
            offset = bytes.skipString(from: start)
            return .string(JSONString.decode(bytes, from: start, to: offset))
        default:
            offset = bytes.skipValue(from: start)
            switch bytes[start] {
            case UInt8(ascii: "t"): return .bool(true)
            case UInt8(ascii: "f"): return .bool(false)
            case UInt8(ascii: "n"): return .null
            default:
                let text = UnsafeRawBufferPointer(start: bytes.base + start, count: offset - start)
                return .number(String(decoding: text, as: UTF8.self))
            }
        }
    }

    private static func readMembers(_ bytes: JSONBytes, from offset: inout Int) -> [Member] {
        var members: [Member] = []
        while let start = nextItem(bytes, closing: UInt8(ascii: "}"), from: &offset) {
            let keyEnd = bytes.skipString(from: start)
            let key = JSONString.decode(bytes, from: start, to: keyEnd)
            offset = bytes.skipWhitespace(from: bytes.skipWhitespace(from: keyEnd) + 1)
            members.append(Member(key, read(bytes, from: &offset)))
        }
        return members
    }

    private static func readElements(_ bytes: JSONBytes, from offset: inout Int) -> [JSONValue] {
        var elements: [JSONValue] = []
        while nextItem(bytes, closing: UInt8(ascii: "]"), from: &offset) != nil {
            elements.append(read(bytes, from: &offset))
        }
        return elements
    }

    /// Moves past the bracket or comma at `offset` to the item behind it; past the closing bracket, when there is none.
    private static func nextItem(_ bytes: JSONBytes, closing: UInt8, from offset: inout Int) -> Int? {
        offset = bytes.skipWhitespace(from: offset)
        guard offset < bytes.count else { return nil }
        if bytes[offset] != closing { offset = bytes.skipWhitespace(from: offset + 1) }
        guard offset < bytes.count, bytes[offset] != closing else {
            offset += 1
            return nil
        }
        return offset
    }
}
