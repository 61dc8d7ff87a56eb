/// What a hook says on standard error: its lines as they come, and the end of it all.
///
/// However much it says, little is kept.
struct StandardErrorTail {
    /// How much of the end is kept, in bytes.
    static let limit = 4 << 10
    /// How long a line may be, in bytes; what follows is left out.
    static let lineLimit = 1 << 10

    private var kept: [UInt8] = []
    private var line: [UInt8] = []

    /// The end of what was said, at most ``limit`` bytes, beginning with a whole character; `nil` when nothing was.
    var text: String? {
        guard !kept.isEmpty else { return nil }
        let isCut = kept.count > Self.limit
        var end = kept.suffix(Self.limit)
        if isCut { end = end.drop { $0 & 0xC0 == 0x80 } }
        return String(decoding: end, as: UTF8.self)
    }

    /// Adds what was said.
    ///
    /// - Returns: the lines that are complete with it, without those that are empty.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> [String] {
        kept.append(contentsOf: bytes.suffix(Self.limit + 1))
        if kept.count > 4 * Self.limit { kept.removeFirst(kept.count - Self.limit - 1) }
        var lines: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { lines.append(contentsOf: endLine()) }
            line.append(contentsOf: part.element.prefix(max(0, Self.lineLimit - line.count)))
        }
        return lines
    }

    /// Nothing more is said.
    ///
    /// - Returns: the last line, where it had no end.
    mutating func finish() -> [String] { endLine() }

    private mutating func endLine() -> [String] {
        defer { line = [] }
        return line.isEmpty ? [] : [String(decoding: line, as: UTF8.self)]
    }
}
