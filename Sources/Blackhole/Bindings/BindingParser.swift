import Events

/// Checks one binding against ``BindingGrammar`` and words what is wrong with it.
struct BindingParser {
    private let text: String
    private let parts: [String]

    init(_ text: some StringProtocol) {
        self.text = String(text)
        parts = self.text.split(separator: Character("."), omittingEmptySubsequences: false).map(String.init)
    }

    /// The position of the binding's form in the grammar; `nil` for a family that is not listed there.
    func parse() throws(BindingError) -> UInt8? {
        try checkCharacters()
        try checkWildcards()
        guard BindingGrammar.families.contains(parts[0]) else {
            try checkUnknownFamily()
            return nil
        }
        let position = try findForm()
        for (place, expected) in BindingGrammar.forms[position].parts.enumerated() {
            try check(place, against: expected)
        }
        return UInt8(position)
    }

    // MARK: The text as a whole

    private func checkCharacters() throws(BindingError) {
        if text.isEmpty {
            throw error(.malformed, "the binding is empty; write one such as call.*.*")
        }
        guard text.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && $0.value > 0x20 && $0.value != 0x7F })
        else {
            let compact = String(text.unicodeScalars.filter { !$0.properties.isWhitespace && $0.value > 0x20 })
            throw error(.malformed, "a binding has no white space or control characters", meant: compact)
        }
        guard !parts.contains("") else {
            throw error(
                .malformed, "between, before and after the dots of a binding there must be something, if only a *",
                meant: parts.map { $0.isEmpty ? "*" : $0 }.joined(separator: "."))
        }
    }

    private func checkWildcards() throws(BindingError) {
        if parts[0] == "*" || parts[0] == "#" {
            throw error(
                .invalidWildcard,
                "a binding begins with its family; subscribe to each one, such as call.*.* and object.*.*")
        }
        if parts.contains(where: { $0.contains("#") }) {
            throw error(
                .invalidWildcard, "# is no wildcard of blackhole's; write one * for each place",
                meant: text.replacing("#", with: "*"))
        }
        if let mixed = parts.first(where: { $0.contains("*") && $0 != "*" }) {
            throw error(
                .invalidWildcard,
                "\(BindingError.quote(mixed)) mixes a wildcard with other characters; a * stands alone between dots")
        }
    }

    // MARK: Families

    /// Words that people put first because events and replies of Kazoo show them first.
    private var familyOfFirstWord: String? {
        switch parts[0] {
        case let word where BindingGrammar.callEvents.contains(word.uppercased()): "call"
        case let word where BindingGrammar.documentActions.contains(word): "object"
        case "dialog" where parts.count == 2, "mwi_updates", "update": "presence"
        default: nil
        }
    }

    private func checkUnknownFamily() throws(BindingError) {
        guard text.utf8.allSatisfy({ $0 < 0x7F }) else {
            throw error(.malformed, "a binding is written in ASCII; other characters are percent-encoded")
        }
        if let family = familyOfFirstWord {
            throw error(
                .unknownFamily, "\(BindingError.quote(parts[0])) belongs to the family \(family)",
                meant: family + "." + text)
        }
        let nearest = Nearest.match(
            parts[0], among: BindingGrammar.families, within: parts[0].utf8.count <= 4 ? 1 : 2)
        if let nearest {
            throw error(
                .unknownFamily, "Kazoo has no bindings that begin with \(BindingError.quote(parts[0]))",
                meant: replacing(0, with: nearest))
        }
    }

    // MARK: Forms

    /// The form with the binding's family, words and number of parts.
    private func findForm() throws(BindingError) -> Int {
        let family = BindingGrammar.forms.indices.filter { BindingGrammar.forms[$0].family == parts[0] }
        let sameWords = family.filter { position in
            zip(parts, BindingGrammar.forms[position].parts).allSatisfy { part, expected in
                if case .word(let word) = expected { part == word } else { true }
            }
        }
        if let position = sameWords.first(where: { BindingGrammar.forms[$0].parts.count == parts.count }) {
            return position
        }
        let candidates = sameWords.isEmpty ? family : sameWords
        try checkSecondWord(of: family, isKnown: !sameWords.isEmpty)
        let templates = candidates.map { BindingGrammar.forms[$0].template }.joined(separator: " or ")
        throw error(
            .invalidForm, "the bindings of \(parts[0]) look like \(templates)",
            meant: candidates.lazy.compactMap { completed(as: BindingGrammar.forms[$0]) }.first)
    }

    /// Families such as `fax` and `presence` have a known word in the second place.
    private func checkSecondWord(of family: [Int], isKnown: Bool) throws(BindingError) {
        guard !isKnown, parts.count > 1 else { return }
        var words: [String] = []
        for case .word(let word) in family.map({ BindingGrammar.forms[$0].parts[1] }) where !words.contains(word) {
            words.append(word)
        }
        throw unknownWord(at: 1, kind: "kind", among: words)
    }

    /// The binding with something in each place that is missing, or with the surplus parts taken for an id whose dots
    /// were not encoded; `nil` when that does not make it right.
    private func completed(as form: BindingGrammar.Form) -> String? {
        guard parts.count < form.parts.count else {
            let id = parts[(form.parts.count - 1)...].joined(separator: ".")
            guard !id.contains("*") else { return nil }
            return Self.corrected((parts[..<(form.parts.count - 1)] + [Self.encode(id)]).joined(separator: "."))
        }
        var completed = parts
        for missing in form.parts[parts.count...] {
            switch missing {
            case .word(let word): completed.append(word)
            case .oneOf, .id(_, .allowed): completed.append("*")
            case .id: return nil
            }
        }
        return Self.corrected(completed.joined(separator: "."))
    }

    // MARK: Parts

    private func check(_ place: Int, against expected: BindingGrammar.Part) throws(BindingError) {
        let part = parts[place]
        switch expected {
        case .word:
            break
        case .oneOf(let words, let kind):
            guard part != "*", !words.contains(part) else { return }
            throw unknownWord(at: place, kind: kind, among: words)
        case .id(let kind, .refused) where part == "*":
            throw error(.invalidWildcard, "Kazoo wants one \(kind) here; a * does not do")
        case .id(let kind, _):
            guard part != "*", !Binding.isEncoded(part) else { return }
            throw error(
                .invalidForm, "a \(kind) in a binding is percent-encoded, all but letters, digits, - _ and ~",
                meant: replacing(place, with: Self.encode(part)))
        }
    }

    /// The encoded form of an id that may be encoded already, in part.
    private static func encode(_ id: String) -> String {
        guard id.contains("%") else { return Binding.encode(id: id) }
        var decoded: [UInt8] = []
        var rest = Array(id.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return Binding.encode(decoded)
    }

    // MARK: Errors

    private func unknownWord(at place: Int, kind: String, among words: [String]) -> BindingError {
        let word = BindingError.quote(parts[place])
        return error(
            .unknownWord, "\(word) is no \(kind) of \(parts[0]) bindings: \(words.joined(separator: ", "))",
            meant: Nearest.match(parts[place], among: words).map { replacing(place, with: $0) })
    }

    private func replacing(_ position: Int, with word: String) -> String {
        var parts = parts
        parts[position] = word
        return parts.joined(separator: ".")
    }

    private func error(_ code: BindingError.Code, _ message: String, meant: String? = nil) -> BindingError {
        let suggestion = meant.flatMap(Self.corrected)
        let question = suggestion.map { "; did you mean \($0)?" } ?? ""
        let subject = text.isEmpty ? "" : "\(BindingError.quote(text)): "
        return BindingError(code: code, message: subject + message + question, suggestion: suggestion)
    }

    /// A suggestion that is right, mended once more where it has to be; `nil` when there is none.
    private static func corrected(_ meant: String) -> String? {
        do {
            _ = try BindingParser(meant).parse()
            return meant
        } catch {
            return error.suggestion
        }
    }
}
