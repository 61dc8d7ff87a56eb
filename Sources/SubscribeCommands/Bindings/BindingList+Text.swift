import Events

extension BindingList {
    /// For people: a family, its forms, and what may stand in them.
    ///
    /// - Parameter colour: whether families stand out by colour as well.
    func text(colour: Bool) -> String {
        func paint(_ code: String, _ text: String) -> String { colour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
        var lines: [String] = []
        for family in families {
            if !lines.isEmpty { lines.append("") }
            lines.append(paint("1", TerminalSafe.text(family.name)))
            for entry in family.entries {
                lines.append("  " + TerminalSafe.text(entry.template))
                lines.append("      " + paint("2", entry.summary ?? "not known to this program"))
                for choice in entry.choices {
                    lines += Self.listed(choice)
                }
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// For programs: one object a line for each template.
    ///
    /// - Parameter source: `server`, or `built-in`.
    func json(source: String) -> String {
        families.flatMap { family in
            family.entries.flatMap { entry in
                entry.offered.map { template in
                    let value: JSONValue = [
                        "family": .string(family.name), "binding": .string(template),
                        "summary": entry.summary.map { .string($0) } ?? .null, "source": .string(source),
                    ]
                    return value.json + "\n"
                }
            }
        }.joined()
    }

    /// How wide a list of words may get.
    private static let width = 78

    /// The words, on as many lines as they need.
    private static func listed(_ choice: Choice) -> [String] {
        let indent = String(repeating: " ", count: choice.name.count + 8)
        var lines = ["      \(choice.name): "]
        for (position, word) in choice.words.enumerated() {
            let text = TerminalSafe.text(word) + (position == choice.words.count - 1 ? "" : ",")
            if position > 0, lines[lines.count - 1].count + 1 + text.count > width {
                lines.append(indent + text)
            } else {
                lines[lines.count - 1] += position == 0 ? text : " " + text
            }
        }
        return lines
    }
}
