/// A condition on one value of an event, such as `data.call_direction=inbound` or `name=CHANNEL_*`.
///
/// The value is compared as a whole: a string by its text, everything else by its JSON. `*` stands for any run of
/// characters, `\*` for an asterisk, `\\` for a backslash. An event that lacks the value does not match, whatever the
/// pattern is.
public struct EventMatch: Hashable, Sendable, CustomStringConvertible {
    /// The condition as it was written.
    public let description: String
    let path: JSONPath
    let pattern: Glob

    /// Reads a condition: a path, `=`, and a pattern.
    ///
    /// - Throws: what is wrong and what to do.
    public init(_ condition: some StringProtocol) throws(EventMatchError) {
        guard let equals = condition.firstIndex(of: "=") else {
            throw EventMatchError(
                message: "\(Self.quote(condition)) has no =; write PATH=VALUE, such as data.type=user")
        }
        try self.init(path: condition[..<equals], pattern: condition[condition.index(after: equals)...])
    }

    /// Creates a condition from its two halves.
    ///
    /// - Throws: what is wrong and what to do.
    public init(path: some StringProtocol, pattern: some StringProtocol) throws(EventMatchError) {
        guard let parsed = JSONPath(path) else {
            throw EventMatchError(
                message: "\(Self.quote(path)) is no path; write keys with dots between them, such as data.type")
        }
        self.path = parsed
        self.pattern = Glob(pattern)
        description = "\(path)=\(pattern)"
    }

    /// Whether an event meets the condition.
    ///
    /// - Parameter bytes: those of the batch whose line it is.
    package func matches(_ line: EventBatch.Line, in bytes: UnsafeRawBufferPointer) -> Bool {
        Self.matches(path, pattern, line, in: bytes)
    }

    /// The same for parts of a condition that the caller holds, so that none of them is counted for each line.
    @inline(__always)
    fileprivate static func matches(
        _ path: JSONPath, _ pattern: Glob, _ line: EventBatch.Line, in bytes: UnsafeRawBufferPointer
    ) -> Bool {
        var decoded: [UInt8] = []
        let value = MatchValue(at: path, of: line, in: bytes, decodingInto: &decoded)
        return value.withBytes(in: bytes, decoded: decoded) { pattern.matches($0) } ?? false
    }

    private static func quote(_ text: some StringProtocol) -> String { String(text).debugDescription }
}

/// Why a condition cannot be read.
public struct EventMatchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var message: String

    /// Creates an error.
    public init(message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}

extension Sequence<EventMatch> {
    /// Whether an event meets every condition.
    ///
    /// - Parameter bytes: those of the batch whose line it is.
    package func allMatch(_ line: EventBatch.Line, in bytes: UnsafeRawBufferPointer) -> Bool {
        allSatisfy { $0.matches(line, in: bytes) }
    }
}

extension EventBatch {
    /// Keeps the lines that meet every condition and closes the gaps, in place; they keep their sequence numbers.
    public mutating func keep(matching matches: [EventMatch]) {
        for match in matches {
            let (path, pattern) = (match.path, match.pattern)
            var unwanted: [Int] = []
            bytes.withUnsafeBytes { bytes in
                for position in lines.indices where !EventMatch.matches(path, pattern, lines[position], in: bytes) {
                    unwanted.append(position)
                }
            }
            remove(unwanted)
        }
    }
}
