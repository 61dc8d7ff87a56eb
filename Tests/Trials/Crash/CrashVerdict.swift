/// What is wrong with what a journal did under kills; pure, so that the judge can be judged.
enum CrashVerdict {
    /// Faults in what one consumer got.
    ///
    /// - Parameters:
    ///   - log: `start` at the beginning of each life, and the numbers that were delivered, in their order.
    ///   - last: the number of the last event in the journal; they begin with 1.
    ///   - buried: those that went among the dead letters instead.
    static func faults(of consumer: String, log: [String], last: Int, buried: Set<Int> = []) -> [String] {
        var faults: [String] = []
        var seen: Set<Int> = []
        var previous: Int?
        for line in log {
            guard line != "start" else {
                previous = nil
                continue
            }
            guard let number = Int(line) else {
                faults.append("\(consumer): a line that is no number: \(line)")
                continue
            }
            if let previous, number <= previous {
                faults.append("\(consumer): \(number) came after \(previous) without a kill between them")
            }
            // Nothing before it may be missing: its cursor has passed it, or it came in an earlier life.
            let from = previous ?? number - 1
            let skipped = ((from + 1)..<max(number, from + 1)).filter { !seen.contains($0) && !buried.contains($0) }
            if !skipped.isEmpty { faults.append("\(consumer): \(skipped) were skipped before \(number)") }
            if previous == nil, let missing = (1..<number).last(where: { !seen.contains($0) && !buried.contains($0) }) {
                faults.append("\(consumer): a life began with \(number), although \(missing) was never delivered")
            }
            if buried.contains(number) { faults.append("\(consumer): \(number) was delivered and buried") }
            seen.insert(number)
            previous = number
        }
        let missing = last > 0 ? (1...last).filter { !seen.contains($0) && !buried.contains($0) } : []
        if !missing.isEmpty {
            faults.append("\(consumer): \(missing.count) were never delivered, such as \(missing[0])")
        }
        return faults
    }

    /// Faults in how cursors moved.
    static func faults(cursors: [String: Int], before: [String: Int]) -> [String] {
        before.sorted { $0.key < $1.key }.compactMap { consumer, position in
            let now = cursors[consumer]
            guard now ?? -1 < position else { return nil }
            return "\(consumer): its cursor moved back from \(position) to \(now.map(String.init) ?? "nothing")"
        }
    }
}
