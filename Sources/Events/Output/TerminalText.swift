/// Makes text from outside harmless on a terminal.
enum TerminalText {
    /// Appends a text; characters that a terminal would obey, and those that change what the eye sees, are written as
    /// their code points: `\u{1B}`.
    ///
    /// - Parameter limit: how many characters are written at most; `…` stands for the others.
    /// - Returns: how many columns the text takes, if every character takes one.
    @discardableResult
    static func append(_ text: some StringProtocol, limit: Int = .max, to output: inout [UInt8]) -> Int {
        var columns = 0
        for scalar in text.unicodeScalars {
            guard columns < limit else {
                output += "…".utf8
                return columns + 1
            }
            if isHarmless(scalar) {
                output += String(scalar).utf8
                columns += 1
            } else {
                let escaped = "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
                output += escaped.utf8
                columns += escaped.utf8.count
            }
        }
        return columns
    }

    /// Neither a control character of any kind, nor one of the invisible ones that reorder or hide text.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20..<0x7F).contains(scalar.value) { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
