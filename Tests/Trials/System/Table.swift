/// Rows of words under each other, for a terminal.
struct Table: CustomStringConvertible {
    private var rows: [[String]] = []

    /// Adds a row.
    mutating func add(_ words: [String]) { rows.append(words) }

    /// Adds a row.
    mutating func add(_ words: String...) { rows.append(words) }

    var description: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.lazy.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            "  "
                + row.enumerated().map { column, word in
                    column == row.count - 1 ? word : word + String(repeating: " ", count: widths[column] - word.count)
                }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
