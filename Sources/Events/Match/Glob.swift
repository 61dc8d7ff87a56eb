/// A pattern in which `*` stands for any run of bytes, the empty one too; `\*` and `\\` stand for themselves.
struct Glob: Hashable, Sendable {
    /// What stands before the first wildcard; everything, where there is none.
    private let first: [UInt8]
    /// What stands between the wildcards.
    private let middle: [[UInt8]]
    /// What stands behind the last wildcard; `nil` where there is none.
    private let last: [UInt8]?

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
        first = parts.removeFirst()
        last = parts.popLast()
        middle = parts
    }

    /// The only bytes that the pattern is for; `nil` where it has a wildcard.
    var literal: [UInt8]? { last == nil ? first : nil }

    /// Whether the pattern is for exactly these bytes, from the first to the last.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let last else { return first.withUnsafeBytes { text.isEqual(to: $0) } }
        guard text.count >= first.count + last.count else { return false }
        let (start, end) = (text[..<first.count], text[(text.count - last.count)...])
        guard first.withUnsafeBytes({ UnsafeRawBufferPointer(rebasing: start).isEqual(to: $0) }),
            last.withUnsafeBytes({ UnsafeRawBufferPointer(rebasing: end).isEqual(to: $0) })
        else { return false }
        var rest = text[first.count..<(text.count - last.count)]
        for part in middle {
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
