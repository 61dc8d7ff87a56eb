import Events
import Subscriber

/// What a chaos run prints: a line a minute, and the verdict at the end.
struct ChaosReport: Sendable {
    let arrivals: Arrivals
    let watch: SessionWatch
    let injector: FaultInjector
    /// What is tried, in a few words.
    let title: String
    private let begin = ContinuousClock.now

    init(_ title: String, arrivals: Arrivals, watch: SessionWatch, injector: FaultInjector) {
        self.title = title
        self.arrivals = arrivals
        self.watch = watch
        self.injector = injector
    }

    /// A line every minute, until cancelled.
    func run() async throws {
        while true {
            do { try await Task.sleep(for: .seconds(60)) } catch { return }
            let (events, gaps) = arrivals.counts
            let figures = try ProcessFigures()
            say(
                "\(title), \((ContinuousClock.now - begin).components.seconds) s: \(events) events, \(gaps) gaps, "
                    + "\(injector.faults.count) faults, \(watch.connections.count) connections, "
                    + "\(watch.logins.count) logins, \(figures.residentKilobytes) KB, "
                    + "\(figures.descriptors) descriptors, \(figures.threads) threads")
        }
    }

    /// The table and what must not be.
    ///
    /// - Parameters:
    ///   - isWell: whether the session was well again, once everything was mended.
    ///   - lanes: how many connections the session keeps at most.
    /// - Returns: whether the trial is passed.
    func conclude(_ ledger: Ledger, isWell: Bool, lanes: Int) -> Bool {
        let verdict = Verdict(on: ledger)
        var table = Table()
        table.add("chaos", title)
        table.add("published", "\(verdict.published), \(verdict.covered) of them wanted")
        table.add("received", "\(verdict.received)")
        table.add("missing in gaps", "\(verdict.missedInGaps)")
        table.add("missing in doubts", "\(verdict.missedInDoubts)")
        table.add("violations", "\(verdict.violations.count)")
        table.add("gaps", Self.listing(of: ledger.gaps))
        table.add("faults", Self.listing(of: injector.faults))
        table.add(
            "connections", "\(watch.connections.count), at most \(StormBound.most(watch.connections)) in 10 s")
        table.add("logins", "\(watch.logins.count), at most \(StormBound.most(watch.logins)) in 10 s")
        table.add("slowest publication", "\(Int(verdict.widest / .milliseconds(1))) ms")
        say(table)

        var problems: [String] = []
        for (kind, violations) in Dictionary(grouping: verdict.violations, by: \.kind).sorted(by: { $0.key < $1.key }) {
            problems += violations.prefix(5).map { "\(kind): " + $0.explanation(ledger) }
            if violations.count > 5 { problems.append("\(kind): \(violations.count - 5) more") }
        }
        if !isWell { problems.append("the session was not well again, although everything was mended") }
        if case .failed(let failure) = watch.end { problems.append("the session gave up: \(failure)") }
        if StormBound.isStorm(watch.connections, lanes: lanes) { problems.append("a storm of connections") }
        if StormBound.isStorm(watch.logins, lanes: 1) { problems.append("a storm of logins") }
        for problem in problems { say("VIOLATION (\(title)): \(problem)") }
        if problems.isEmpty { say("passed: \(title)") }
        return problems.isEmpty
    }

    private static func listing(of gaps: [Gap]) -> String {
        Dictionary(grouping: gaps, by: \.reason).sorted { $0.key.description < $1.key.description }
            .map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
    }

    private static func listing(of faults: [Ledger.Fault]) -> String {
        Dictionary(grouping: faults) { $0.name.prefix { $0 != " " } }.sorted { $0.key < $1.key }
            .map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
    }
}
