/// The way to a value inside a JSON text, such as `data.custom_channel_vars.account_id` or `data.list.0`.
///
/// The parts between the dots are keys, or positions where the value is an array. A key may itself contain dots: at each
/// object the longest key that fits the rest of the path is followed, so `data.a.b` finds `{"data":{"a.b":1}}`. Where a
/// key occurs twice, the first one counts.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    /// The path as it was written.
    public let description: String
    private let bytes: [UInt8]
    /// Whether the first part is `data`: an event's index knows where that is.
    let isInData: Bool

    /// Creates a path.
    ///
    /// - Returns: `nil` when the path is empty or one of its parts is (`data..id`, `.data`, `data.`).
    public init?(_ path: some StringProtocol) {
        let bytes = Array(path.utf8)
        let dot = UInt8(ascii: ".")
        guard bytes.split(separator: dot, omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) else {
            return nil
        }
        self.init(bytes, description: String(path))
    }

    private init(_ bytes: [UInt8], description: String) {
        self.bytes = bytes
        self.description = description
        isInData = bytes.elementsEqual("data".utf8) || bytes.starts(with: "data.".utf8)
    }

    /// Creates a path from a literal of the program's own.
    init(known path: StaticString) {
        self.init(Array(path.description.utf8), description: path.description)
    }

    /// Finds the value that the path leads to.
    ///
    /// - Parameters:
    ///   - text: bytes that hold a JSON text which ``JSONScanner`` has accepted.
    ///   - range: where in `text` the value stands that the path begins at; the whole of it when omitted.
    /// - Returns: the range of the value in `text`; `nil` when there is none.
    public func find(in text: UnsafeRawBufferPointer, from range: Range<Int>? = nil) -> Range<Int>? {
        walk(text, from: range ?? 0..<text.count, position: 0)
    }

    /// Finds the value that a path leads to which is in `data`, from the value of that.
    func find(in text: UnsafeRawBufferPointer, fromData range: Range<Int>) -> Range<Int>? {
        walk(text, from: range, position: min("data.".utf8.count, bytes.count))
    }

    private func walk(_ text: UnsafeRawBufferPointer, from range: Range<Int>, position: Int) -> Range<Int>? {
        guard let document = JSONBytes(UnsafeRawBufferPointer(rebasing: text[range])) else { return nil }
        var start = document.skipWhitespace(from: 0)
        var position = position
        while position < bytes.count {
            guard start < document.count else { return nil }
            let found: (value: Int, position: Int)?
            switch document[start] {
            case UInt8(ascii: "{"): found = member(of: document, at: start, from: position)
            case UInt8(ascii: "["): found = element(of: document, at: start, from: position)
            default: found = nil
            }
            guard let found else { return nil }
            (start, position) = found
        }
        let end = document.skipValue(from: start)
        return start < end ? (range.lowerBound + start)..<(range.lowerBound + end) : nil
    }

    // MARK: Steps

    /// The value of the longest key that fits, and the position in the path after that key and its dot.
    private func member(of object: JSONBytes, at start: Int, from position: Int) -> (value: Int, position: Int)? {
        var best: (value: Int, position: Int)?
        object.slice(start..<object.count)?.forEachMember { key, value in
            let key = (start + key.lowerBound)..<(start + key.upperBound)
            guard let next = self.position(after: object, key, from: position), next > best?.position ?? -1 else {
                return true
            }
            best = (start + value.lowerBound, next)
            return next <= bytes.count
        }
        return best.map { ($0.value, min($0.position, bytes.count)) }
    }

    /// The position in the path after a key and the dot that follows it; beyond the end when the key is the last part;
    /// `nil` when the key does not fit.
    private func position(after document: JSONBytes, _ key: Range<Int>, from position: Int) -> Int? {
        guard key.count > 2 else { return nil }
        let first = document[key.lowerBound + 1]
        // Most keys differ in their first byte, whatever follows.
        guard first == bytes[position] || first == UInt8(ascii: "\\") else { return nil }
        let plain = document.endOfPlainText(from: key.lowerBound + 1) >= key.upperBound - 1
        guard plain else {
            let decoded = Array(JSONString.decode(document, from: key.lowerBound, to: key.upperBound).utf8)
            return decoded.withUnsafeBytes { self.position(after: $0, from: position) }
        }
        let name = UnsafeRawBufferPointer(start: document.base + key.lowerBound + 1, count: max(key.count - 2, 0))
        return self.position(after: name, from: position)
    }

    private func position(after key: UnsafeRawBufferPointer, from position: Int) -> Int? {
        let end = position + key.count
        guard !key.isEmpty, end <= bytes.count else { return nil }
        guard end == bytes.count || bytes[end] == UInt8(ascii: ".") else { return nil }
        for offset in 0..<key.count where bytes[position + offset] != key[offset] { return nil }
        return end + 1
    }

    /// The value at the position in an array that the next part of the path names.
    private func element(of document: JSONBytes, at start: Int, from position: Int) -> (value: Int, position: Int)? {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
        let digits = bytes[position..<end]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let wanted = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        var offset = start + 1
        for number in 0... {
            let value = document.skipWhitespace(from: offset)
            guard value < document.count, document[value] != UInt8(ascii: "]") else { return nil }
            if number == wanted { return (value, min(end + 1, bytes.count)) }
            guard let following = Self.followingItem(in: document, after: document.skipValue(from: value)) else {
                return nil
            }
            offset = following
        }
        return nil
    }

    /// The offset after the comma that follows an item; `nil` when the container ends there.
    private static func followingItem(in document: JSONBytes, after end: Int) -> Int? {
        let comma = document.skipWhitespace(from: end)
        return comma < document.count && document[comma] == UInt8(ascii: ",") ? comma + 1 : nil
    }
}
