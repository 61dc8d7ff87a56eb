/// The way to a value inside a JSON text, such as `data.custom_channel_vars.account_id` or `data.list.0`.
///
/// The parts between the dots are keys, or positions where the value is an array. A key may itself contain dots: at each
/// object the longest key that fits the rest of the path is followed, so `data.a.b` finds `{"data":{"a.b":1}}`. Where a
/// key occurs twice, the first one counts.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    /// The path as it was written.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
    private let bytes: [UInt8]
    /// Whether the first part is `data`: an event's index knows where that is.
    let isInData: Bool
    /// Where the first part behind `data.` ends.
    private let endOfFirstKey: Int

    /// Creates a path.
    ///
    /// - Returns: `nil` when the path is empty or one of its parts is (`data..id`, `.data`, `data.`).
    public init?(_ path: some StringProtocol) {
        let bytes = Array(path.utf8)
        let dot = UInt8(ascii: ".")
        guard bytes.split(separator: dot, omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) else {
            return nil
        }
        self.init(bytes)
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        isInData = bytes.elementsEqual("data".utf8) || bytes.starts(with: "data.".utf8)
        endOfFirstKey = bytes.dropFirst(Self.startInData).firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
    }

    /// Creates a path from a literal of the program's own.
    init(known path: StaticString) {
        self.init(Array(path.description.utf8))
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

    /// Where in a path that is in `data` the part behind that begins.
    private static var startInData: Int { ("data." as StaticString).utf8CodeUnitCount }

    /// Finds the value that a path leads to which is in `data`, from the value of that.
    ///
    /// - Parameter nested: what is nested in that value, if it is an object.
    func find(
        in text: UnsafeRawBufferPointer, fromData range: Range<Int>, nested: NestedRanges
    ) -> Range<Int>? {
        guard bytes.count > Self.startInData, text[range.lowerBound] == UInt8(ascii: "{") else {
            return walk(text, from: range, position: min(Self.startInData, bytes.count))
        }
        return bytes.withUnsafeBytes { path in
            let firstKey = UnsafeRawBufferPointer(rebasing: path[Self.startInData..<endOfFirstKey])
            guard let data = JSONBytes(UnsafeRawBufferPointer(rebasing: text[range])),
                var search = MemberSearch(for: firstKey, in: data, nested: nested)
            else { return walk(text, from: range, position: Self.startInData) }
            var best = Longest()
            while !best.isWhole(path), let (key, value) = search.next() {
                // The search has compared the key with the first one of the path, but not what is behind a dot in it.
                let position =
                    key.count == firstKey.count + 2
                    ? endOfFirstKey + 1
                    : Self.position(after: data.content(of: key), in: path, from: Self.startInData)
                best.consider(value, position)
            }
            guard let (value, position) = best.step else { return nil }
            let found = (range.lowerBound + value.lowerBound)..<(range.lowerBound + value.upperBound)
            return position > path.count ? found : walk(text, from: found, position: position)
        }
    }

    private func walk(_ text: UnsafeRawBufferPointer, from range: Range<Int>, position: Int) -> Range<Int>? {
        guard let document = JSONBytes(UnsafeRawBufferPointer(rebasing: text[range])) else { return nil }
        return bytes.withUnsafeBytes { path in
            var value = document.skipWhitespace(from: 0)..<document.count
            var position = position
            while position < path.count {
                guard let container = document.slice(value) else { return nil }
                let found: Step?
                switch container[0] {
                case UInt8(ascii: "{"): found = Self.member(of: container, for: path, from: position)
                case UInt8(ascii: "["): found = Self.element(of: container, for: path, from: position)
                default: found = nil
                }
                guard let found else { return nil }
                value = (value.lowerBound + found.value.lowerBound)..<(value.lowerBound + found.value.upperBound)
                position = found.position
            }
            return value.isEmpty ? nil : (range.lowerBound + value.lowerBound)..<(range.lowerBound + value.upperBound)
        }
    }

    // MARK: Steps

    /// A value on the way, and where in the path the next part begins; beyond the end when there is none.
    private typealias Step = (value: Range<Int>, position: Int)

    /// The step behind the longest of the keys that fit.
    private struct Longest {
        private(set) var step: Step?

        /// Takes a step into account; without a position, its key does not fit.
        @inline(__always)
        mutating func consider(_ value: Range<Int>, _ position: Int?) {
            guard let position, position > step?.position ?? -1 else { return }
            step = (value, position)
        }

        /// Whether there cannot be a longer one.
        @inline(__always)
        func isWhole(_ path: UnsafeRawBufferPointer) -> Bool { step?.position ?? 0 > path.count }
    }

    /// The value of the longest key that fits, and the position in the path after that key and its dot.
    private static func member(of object: JSONBytes, for path: UnsafeRawBufferPointer, from position: Int) -> Step? {
        var best = Longest()
        var members = JSONMembers(of: object)
        // Most keys differ in their first byte, whatever follows.
        while !best.isWhole(path), let (key, value) = members.next(beginningWith: path[position]) {
            best.consider(value, Self.position(after: object, key, in: path, from: position))
        }
        return best.step
    }

    /// The position in the path after a key and the dot that follows it; beyond the end when the key is the last part;
    /// `nil` when the key does not fit.
    private static func position(
        after document: JSONBytes, _ key: Range<Int>, in path: UnsafeRawBufferPointer, from position: Int
    ) -> Int? {
        guard key.count > 2 else { return nil }
        let name = document.content(of: key)
        guard name.offset(of: UInt8(ascii: "\\")) == name.count else {
            let decoded = Array(JSONString.decode(document, from: key.lowerBound, to: key.upperBound).utf8)
            return decoded.withUnsafeBytes { Self.position(after: $0, in: path, from: position) }
        }
        return Self.position(after: name, in: path, from: position)
    }

    private static func position(
        after key: UnsafeRawBufferPointer, in path: UnsafeRawBufferPointer, from position: Int
    ) -> Int? {
        let end = position + key.count
        guard !key.isEmpty, end <= path.count else { return nil }
        guard end == path.count || path[end] == UInt8(ascii: ".") else { return nil }
        return UnsafeRawBufferPointer(rebasing: path[position..<end]).isEqual(to: key) ? end + 1 : nil
    }

    /// The value at the position in an array that the next part of the path names.
    private static func element(of array: JSONBytes, for path: UnsafeRawBufferPointer, from position: Int) -> Step? {
        let end = path[position...].firstIndex(of: UInt8(ascii: ".")) ?? path.count
        let digits = path[position..<end]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let wanted = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        var offset = 1
        for number in 0... {
            let value = array.skipWhitespace(from: offset)
            guard value < array.count, array[value] != UInt8(ascii: "]") else { return nil }
            let valueEnd = array.skipValue(from: value)
            if number == wanted { return (value..<valueEnd, end + 1) }
            guard let following = followingItem(in: array, after: valueEnd) else { return nil }
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

extension JSONBytes {
    /// What stands between the quotation marks of a string.
    @inline(__always)
    fileprivate func content(of string: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + string.lowerBound + 1, count: string.count - 2)
    }
}
