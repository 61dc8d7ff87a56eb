/// Makes a server's words harmless on a terminal.
enum TerminalSafe {
    /// The text, with `U+FFFD` for whatever a terminal would obey and for what hides or reorders text.
    static func text(_ text: some StringProtocol) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
