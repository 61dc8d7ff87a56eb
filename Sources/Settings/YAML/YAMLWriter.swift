/// Writes a tree as YAML that ``YAMLDocument`` reads, with where each value comes from in a comment.
struct YAMLWriter {
    private var lines: [(text: String, comment: String)] = []

    /// The text of a node.
    static func text(_ node: YAMLNode) -> String {
        var writer = Self()
        writer.write(node, key: nil, indentation: "")
        // Comments stand one below the other, but for lines that are too long for it.
        let column = min(writer.lines.lazy.filter { !$0.comment.isEmpty }.map(\.text.count).max() ?? 0, 60)
        return writer.lines.map { text, comment in
            guard !comment.isEmpty else { return text + "\n" }
            return text + String(repeating: " ", count: max(column - text.count, 0)) + "  # \(comment)\n"
        }.joined()
    }

    /// Writes a node behind its key, or behind the dash of a list's item.
    private mutating func write(_ node: YAMLNode, key: String?, indentation: String) {
        let start = indentation + (key ?? "")
        switch node.content {
        case .scalar(let text, _): lines.append((start + separator(key) + Self.scalar(text), Self.comment(node.origin)))
        case .refused: break
        case .sequence(let nodes) where nodes.isEmpty:
            lines.append((start + separator(key) + "[]", Self.comment(node.origin)))
        case .mapping(let entries) where entries.isEmpty:
            lines.append((start + separator(key) + "{}", Self.comment(node.origin)))
        case .sequence(let nodes):
            if key != nil { lines.append((start, "")) }
            for node in nodes { write(item: node, indentation: key == nil ? indentation : indentation + "  ") }
        case .mapping(let entries):
            if key != nil { lines.append((start, "")) }
            for entry in entries {
                write(
                    entry.value, key: Self.scalar(entry.key) + ":",
                    indentation: key == nil ? indentation : indentation + "  ")
            }
        }
    }

    /// An item's first line stands behind the dash.
    private mutating func write(item node: YAMLNode, indentation: String) {
        let first = lines.count
        write(node, key: nil, indentation: indentation + "  ")
        guard lines.indices.contains(first) else { return }
        let line = lines[first].text.dropFirst(indentation.count + 2)
        lines[first].text = indentation + "- " + line
    }

    private func separator(_ key: String?) -> String { key == nil ? "" : " " }

    private static func comment(_ origin: Origin) -> String {
        switch origin {
        case .file(let file, let position): "\(file):\(position.line)"
        case .environment(let name): "environment: \(name)"
        case .option(let name): name
        case .builtIn: "default"
        }
    }

    // MARK: Scalars

    /// A text as YAML, in quotes where it would be taken for something else.
    static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first,
            first.properties.isAlphabetic || "0123456789/.".unicodeScalars.contains(first)
        else { return false }
        return !YAMLNode.nulls.contains(text) && !text.hasSuffix(":")
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789/.:_-+@*%=".unicodeScalars.contains($0))
            }
    }

    /// In double quotes, with the escapes that YAML has (YAML 1.2, 5.7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || Quotation.isHidden(scalar):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension YAMLNode {
    /// The node as YAML, each value with a comment that says where it comes from.
    public var text: String { YAMLWriter.text(self) }
}
