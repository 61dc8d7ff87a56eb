/// A pattern in which `*` stands for any run of bytes, the empty one too; `\*` and `\\` stand for themselves.
struct Glob: Hashable, Sendable {
    /// The bytes between the wildcards; one part more than there are wildcards.
    private let parts: [[UInt8]]

    init(_ pattern: some StringProtocol) {
        var parts: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in pattern.utf8 {
            if isEscaped {
                if byte != UInt8(ascii: "*"), byte != UInt8(ascii: "\\") {
                    parts[parts.count - 1].append(UInt8(ascii: "\\"))
                }
                parts[parts.count - 1].append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "*") {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        if isEscaped { parts[parts.count - 1].append(UInt8(ascii: "\\")) }
        self.parts = parts
    }

    /// The only bytes that the pattern is for; `nil` where it has a wildcard.
    var literal: [UInt8]? { parts.count == 1 ? parts[0] : nil }

    /// Whether the pattern is for exactly these bytes, from the first to the last.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        let (first, last) = (parts[0], parts[parts.count - 1])
        guard parts.count > 1 else { return first.withUnsafeBytes(text.isEqual) }
        guard text.count >= first.count + last.count, text.starts(with: first),
            text[(text.count - last.count)...].elementsEqual(last)
        else { return false }
        var rest = text[first.count..<(text.count - last.count)]
        for part in parts[1..<(parts.count - 1)] {
            guard let end = Self.end(of: part, in: rest) else { return false }
            rest = rest[end...]
        }
        return true
    }

    /// The index after the first occurrence of `part`.
    private static func end(of part: [UInt8], in text: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard text.count >= part.count else { return nil }
        for start in text.startIndex...(text.endIndex - part.count)
        where text[start..<(start + part.count)].elementsEqual(part) {
            return start + part.count
        }
        return nil
    }
}
