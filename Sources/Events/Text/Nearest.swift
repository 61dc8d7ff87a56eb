/// The known word that somebody probably meant.
public enum Nearest {
    /// The candidate that is fewest typing mistakes away from `word`.
    ///
    /// - Parameters:
    ///   - word: what was written.
    ///   - candidates: the known words; of equally near ones, the first.
    ///   - limit: how many mistakes are forgiven; words that are not longer than that suggest nothing.
    /// - Returns: the nearest candidate; `nil` when none is near.
    public static func match(
        _ word: some StringProtocol, among candidates: some Sequence<String>, within limit: Int = 2
    ) -> String? {
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(from: Array(word.lowercased().utf8), to: Array(candidate.lowercased().utf8))
            if distance <= limit, distance < candidate.utf8.count, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// How many bytes must be inserted, removed, replaced or swapped with their neighbour to turn one word into the
    /// other (optimal string alignment).
    static func distance(from source: [UInt8], to target: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...target.count)
        for (row, byte) in source.enumerated() {
            var current = [row + 1]
            for (column, other) in target.enumerated() {
                var cost = min(last[column] + (byte == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, byte == target[column - 1], source[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[target.count]
    }
}
