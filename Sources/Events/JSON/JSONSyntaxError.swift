/// Why a text is not JSON.
public struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Equatable, Sendable {
        /// The text ends before its value does.
        case unexpectedEnd
        /// A byte stands where RFC 8259 does not allow it.
        case unexpectedByte
        /// A backslash is followed by something that is no escape.
        case invalidEscape
        /// A control character (U+0000 to U+001F) stands unescaped inside a string.
        case controlCharacter
        /// Arrays and objects are nested deeper than the limit.
        case tooDeep
    }

    /// What is wrong.
    public var reason: Reason
    /// Where: the offset of the offending byte, or the length of the text when it ends too early.
    public var offset: Int

    /// One line for people, without a byte of the text itself.
    public var description: String {
        switch reason {
        case .unexpectedEnd: "the text ends too early, after \(offset) bytes"
        case .unexpectedByte: "unexpected byte at offset \(offset)"
        case .invalidEscape: "invalid escape at offset \(offset)"
        case .controlCharacter: "unescaped control character at offset \(offset)"
        case .tooDeep: "nested too deeply at offset \(offset)"
        }
    }
}
