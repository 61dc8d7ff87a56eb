import Secrets

/// Makes a server's words harmless on a terminal.
enum TerminalSafe {
    /// The text, with `U+FFFD` for whatever a terminal would obey and for what hides or reorders text.
    static func text(_ text: some StringProtocol) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { ServerText.isHarmless($0) ? $0 : "\u{FFFD}" }))
    }
}
