import Events

extension Reading<Int> {
    /// A whole number within limits.
    public static func integer(_ limits: ClosedRange<Int>) -> Self {
        scalar(expecting: "a whole number") { text throws(Mismatch) in
            let digits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard digits, text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else {
                throw Mismatch("\(Quotation.of(text)) is not a whole number; write digits alone, such as 5")
            }
            guard let number = Int(text), limits.contains(number) else {
                throw Mismatch("\(Quotation.of(text)) is not between \(limits.lowerBound) and \(limits.upperBound)")
            }
            return number
        }
    }
}

extension Reading<Bool> {
    /// `true` or `false`, or what else YAML has ever called so.
    public static var boolean: Self {
        scalar(expecting: "true or false") { text throws(Mismatch) in
            switch text.lowercased() {
            case "true", "yes", "on": return true
            case "false", "no", "off": return false
            default: throw Mismatch("\(Quotation.of(text)) is neither true nor false")
            }
        }
    }
}

extension Reading where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the names that a type has for its cases.
    public static var choice: Self { choice(of: Value.allCases) }

    /// One of these names.
    public static func choice(of cases: some Sequence<Value>) -> Self {
        let names = cases.map(\.rawValue)
        return scalar(expecting: names.joined(separator: " or ")) { text throws(Mismatch) in
            guard names.contains(text), let value = Value(rawValue: text) else {
                throw Mismatch.unknown(text, among: names)
            }
            return value
        }
    }
}

extension Mismatch {
    /// A word that is none of those that are known.
    static func unknown(_ word: String, among names: [String]) -> Self {
        Self(
            "\(Quotation.of(word)) is not one of \(names.joined(separator: ", "))",
            suggestion: Spelling.nearest(to: word, among: names))
    }
}

/// What was probably meant.
enum Spelling {
    /// The longest word that is looked at, in bytes: none of ours is longer, and comparing takes its time.
    private static let limit = 40

    /// The known word that is nearest; else the first that goes on where the word ends, as `password_file` after
    /// `password`.
    static func nearest(to word: String, among names: [String]) -> String? {
        guard word.utf8.count <= limit else { return nil }
        return Nearest.match(word, among: names)
            ?? names.first { word.utf8.count > 2 && $0.hasPrefix(word.lowercased()) }
    }
}
