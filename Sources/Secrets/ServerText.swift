/// Words that a server has written, made fit to be shown: on one line, not too long, without secrets or terminal tricks.
public enum ServerText {
    /// Cleans a text.
    ///
    /// - Parameters:
    ///   - text: what the server said; anything at all.
    ///   - secrets: what must not be shown, where the server repeats it.
    ///   - limit: how many characters are shown at the most.
    /// - Returns: the text with white space as single spaces, control characters replaced, and secrets redacted, those
    ///   too that only look like one: JSON Web Tokens (RFC 7519), and long runs of letters and digits.
    public static func clean(_ text: String, without secrets: [Secret] = [], limit: Int = 200) -> String {
        // Nothing beyond this can be shown, however much of it is redacted.
        let beginning = String(text.unicodeScalars.prefix(limit * 64))
        let known = secrets.reduce(beginning) { $1.redacted(from: $0) }
        let shown = String(String.UnicodeScalarView(withoutTokens(known.unicodeScalars).map(printable)))
            .split(separator: " ").joined(separator: " ")
        return shown.count > limit ? String(shown.prefix(limit)) + "…" : shown
    }

    /// The text with every run of token characters that looks like a secret redacted.
    private static func withoutTokens(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        var rest = text[...]
        while let first = rest.first {
            let isToken = isTokenCharacter(first)
            let run = rest.prefix { isTokenCharacter($0) == isToken }
            rest = rest[run.endIndex...]
            result += isToken && looksSecret(run) ? Substring("<redacted>").unicodeScalars : run
        }
        return result
    }

    /// Whether a run is long and without structure, as tokens and keys are.
    private static func looksSecret(_ run: Substring.UnicodeScalarView) -> Bool {
        run.count >= 64 || (run.count > 16 && Substring(run).contains("eyJ"))
    }

    private static func isTokenCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "-", "_", ".", "+", "=": true
        default: false
        }
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.properties.isWhitespace { return " " }
        return isHarmless(scalar) ? scalar : "\u{FFFD}"
    }

    /// Whether a terminal shows a character as it is: nothing that it would obey, or that hides or reorders text.
    package static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
