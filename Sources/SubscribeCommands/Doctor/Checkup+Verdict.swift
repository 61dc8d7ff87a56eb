import Network

extension Checkup {
    /// What a check-up comes to.
    struct Verdict: Equatable, Sendable {
        /// That of the first failure; 0 where everything works.
        var exitCode: Int32
        /// One line.
        var message: String
    }

    /// What the check-up comes to.
    ///
    /// A WebSocket on a port that was only guessed counts as a failure when no WebSocket works: a cluster needs one.
    var verdict: Verdict {
        let websockets = distinct(results.map(\.target).filter(\.isWebSocket))
        let working = websockets.filter { works($0) }
        let counted = results.filter { working.isEmpty || !$0.target.isGuess }
        guard let first = counted.first(where: { $0.failure != nil }), let exitCode = first.failure else {
            let count = results.count { $0.finding?.grade == .warning }
            let warnings = count == 0 ? "" : count == 1 ? ", with 1 warning" : ", with \(count) warnings"
            return Verdict(exitCode: 0, message: "everything works\(warnings)" + silent(websockets, working))
        }
        let others =
            websockets.count > 1 && !working.isEmpty ? "; \(working.count) of \(websockets.count) WebSockets works" : ""
        return Verdict(exitCode: exitCode, message: "\(first.step.title) failed at \(first.target.url)\(others)")
    }

    /// Whether every step of a target was made, and none failed.
    private func works(_ target: Target) -> Bool {
        results.filter { $0.target == target && $0.finding != nil && $0.failure == nil }.count == target.steps.count
    }

    /// Which guesses were wrong, though that does no harm.
    private func silent(_ websockets: [Target], _ working: [Target]) -> String {
        let wrong = websockets.filter { $0.isGuess && !working.contains($0) }.map(\.url.description)
        return wrong.isEmpty ? "" : "; \(wrong.joined(separator: ", ")) does not, which was only a guess"
    }

    private func distinct(_ targets: [Target]) -> [Target] {
        targets.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
