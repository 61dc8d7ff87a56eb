import Events

/// How the value of a key is read: what it may be, and what it means.
public struct Reading<Value> {
    /// What comes out of a node.
    struct Outcome {
        /// The value; `nil` where something is wrong, which has been reported then.
        var value: Value?
        /// What is in force, to be shown: without secrets, with what nobody has written.
        var shown: YAMLNode
    }

    let read: (YAMLNode, inout Findings) -> Outcome

    init(_ read: @escaping (YAMLNode, inout Findings) -> Outcome) {
        self.read = read
    }

    /// A value, with the place that it comes from.
    public static func located<Inner>(_ reading: Reading<Inner>) -> Self where Value == Located<Inner> {
        Self { node, findings in
            let outcome = reading.read(node, &findings)
            return .init(value: outcome.value.map { Located($0, at: node.origin) }, shown: outcome.shown)
        }
    }

    /// The same value, checked further or turned into something else.
    public func map<Other>(_ change: @escaping (Value) throws(Mismatch) -> Other) -> Reading<Other> {
        Reading<Other> { node, findings in
            let outcome = read(node, &findings)
            guard let value = outcome.value else { return .init(value: nil, shown: outcome.shown) }
            do throws(Mismatch) {
                return .init(value: try change(value), shown: outcome.shown)
            } catch {
                findings.report(Problem(error.message, at: node.origin, suggestion: error.suggestion))
                return .init(value: nil, shown: outcome.shown)
            }
        }
    }

    /// The same value, of which `<redacted>` is shown.
    var redacted: Self {
        Self { node, findings in
            findings.noteSecret(at: node.origin)
            var outcome = read(node, &findings)
            outcome.shown = YAMLNode(text: "<redacted>", origin: node.origin)
            return outcome
        }
    }

    /// Reads one text.
    ///
    /// - Parameters:
    ///   - expected: what is wanted, for messages: `a whole number`.
    ///   - parse: makes the value.
    public static func scalar(
        expecting expected: String, _ parse: @escaping (String) throws(Mismatch) -> Value
    ) -> Self {
        Reading<String>.words(expecting: expected).map(parse)
    }
}

extension Reading<String> {
    /// A text that is not empty.
    public static var text: Self { words(expecting: "a text") }

    /// A text that another module judges.
    public static func text(_ kind: TextKind) -> Self {
        text.judged(kind)
    }

    /// Any text as it is written, `null` and nothing between quotes too.
    public static var literal: Self {
        Self { node, findings in
            guard case .scalar(let text, _) = node.content, !node.isEmpty else {
                return .init(value: findings.refuse(node, expecting: "a text"), shown: node)
            }
            return .init(
                value: findings.withoutNUL(text, at: node.origin), shown: YAMLNode(text: text, origin: node.origin))
        }
    }

    /// The path of a file or directory: absolute in a file, which is read in whatever directory the daemon runs.
    public static var path: Self {
        Self { node, findings in
            let outcome = text.read(node, &findings)
            guard let path = outcome.value, node.origin.position != nil, !path.hasPrefix("/") else { return outcome }
            let advice =
                path.hasPrefix("~") ? "~ stands for nothing here; write the path out, from /" : "write it from /"
            findings.report(
                Problem("\(Quotation.of(path)) is not an absolute path; \(advice)", at: node.origin))
            return .init(value: nil, shown: outcome.shown)
        }
    }

    /// The path of a file that another module looks at.
    public static func path(_ kind: TextKind) -> Self {
        path.judged(kind)
    }

    func judged(_ kind: TextKind) -> Self {
        Self { node, findings in
            var outcome = read(node, &findings)
            guard let value = outcome.value else { return outcome }
            do throws(Mismatch) {
                try findings.judge(value, kind, at: node.origin)
            } catch {
                findings.report(Problem(error.message, at: node.origin, suggestion: error.suggestion))
                outcome.value = nil
            }
            return outcome
        }
    }

    /// A text that says something.
    static func words(expecting expected: String) -> Self {
        Self { node, findings in
            guard case .scalar(let text, let isPlain) = node.content, !text.isEmpty,
                !(isPlain && YAMLNode.nulls.contains(text))
            else { return .init(value: findings.refuse(node, expecting: expected), shown: node) }
            return .init(value: findings.withoutNUL(text, at: node.origin), shown: node)
        }
    }
}

extension Findings {
    /// The text, unless it holds the character at which C believes texts to end.
    fileprivate mutating func withoutNUL(_ text: String, at origin: Origin) -> String? {
        guard text.utf8.contains(0) else { return text }
        report(Problem("a text cannot hold the character NUL", at: origin))
        return nil
    }

    /// Reports that a node is something else than what is wanted.
    ///
    /// - Returns: nothing.
    mutating func refuse<Value>(_ node: YAMLNode, expecting expected: String) -> Value? {
        switch node.content {
        case .refused: break
        case .scalar("", isPlain: true):
            report(Problem("\(expected) is missing here; leave the key out if it is not needed", at: node.origin))
        case .scalar("", isPlain: false):
            report(Problem("\(expected) is expected here, not an empty text", at: node.origin))
        case .scalar(let text, isPlain: true) where YAMLNode.nulls.contains(text):
            let advice = "leave the key out, or write it in quotes if the text is meant"
            report(Problem("\(expected) is expected here, not \(text); \(advice)", at: node.origin))
        case .mapping(let entries) where entries.count == 1 && entries[0].value.isEmpty:
            let text = Quotation.of("{\(entries[0].key)}")
            report(
                Problem(
                    "\(expected) is expected here, not \(node.kind); if the text \(text) is meant, write it in quotes",
                    at: node.origin))
        case .scalar, .sequence, .mapping:
            report(Problem("\(expected) is expected here, not \(node.kind)", at: node.origin))
        }
        return nil
    }
}
