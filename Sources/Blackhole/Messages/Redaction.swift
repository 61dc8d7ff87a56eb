/// Takes secrets and terminal tricks out of texts that a server has written.
enum Redaction {
    /// How many characters of a text are shown.
    private static let lengthLimit = 200

    /// The text without the token and anything that looks like one, on one line and not too long.
    static func clean(_ text: String, token: String? = nil) -> String {
        var cleaned = text
        if let token, !token.isEmpty { cleaned = cleaned.replacing(token, with: "<redacted>") }
        cleaned = cleaned.split(separator: " ", omittingEmptySubsequences: false)
            .map { looksSecret($0) ? "<redacted>" : String($0) }
            .joined(separator: " ")
        cleaned = String(
            String.UnicodeScalarView(cleaned.unicodeScalars.map { isPrintable($0) ? $0 : "\u{FFFD}" }))
        return cleaned.count > lengthLimit ? String(cleaned.prefix(lengthLimit)) + "…" : cleaned
    }

    /// Whether a word is long and without structure, as tokens and keys are, or a JSON Web Token (RFC 7519).
    private static func looksSecret(_ word: Substring) -> Bool {
        word.utf8.count > 64 || word.contains("eyJ")
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
