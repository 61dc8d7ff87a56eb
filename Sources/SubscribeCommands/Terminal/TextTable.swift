/// A table for eyes: columns as wide as they must be, two spaces between them.
struct TextTable {
    /// Where a column's texts stand.
    enum Alignment {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// Creates a table without rows.
    init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row, with a text for each column.
    mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "a row has a text for each column")
        rows.append(row.map { TerminalSafe.text($0) })
    }

    /// The lines, the titles first.
    ///
    /// - Parameter colour: whether the titles stand out.
    func text(colour: Bool) -> String {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            let texts = columns.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return columns[column].alignment == .left ? row[column] + space : space + row[column]
            }
            var line = texts.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
        let head = colour ? "\u{1b}[1m\(line(titles))\u{1b}[0m" : line(titles)
        return ([head] + rows.map(line)).map { $0 + "\n" }.joined()
    }
}
