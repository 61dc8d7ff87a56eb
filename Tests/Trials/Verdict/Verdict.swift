import Blackhole
import Events
import Subscriber

/// The judgement on a ``Ledger``: whether every event came once, or is known to be missing.
///
/// An event was published at one moment within its span, and nobody knows which. So it is excused when some moment of the
/// span lies in a gap, widened by ``tolerance``: the judge is blind for as long as a publication takes, and sees no fault
/// where there is none. ``widest`` tells how long that was.
struct Verdict: Sendable {
    /// What must not be.
    enum Violation: Equatable, Sendable {
        /// It came more than once.
        case repeated(String, times: Int)
        /// It came, and was never published.
        case invented(String)
        /// It did not come, and for one of its subscriptions no gap covers it.
        case lost(Ledger.Publication, Subscription)
        /// It did not come, and is excused by `unverified` alone, when no silent fault was at work.
        case unexplained(Ledger.Publication, Subscription)
    }

    private enum Excuse {
        case none, doubt, gap
    }

    /// How much two readings of one machine's clock may seem to contradict each other.
    static let tolerance: Duration = .milliseconds(5)

    private(set) var violations: [Violation] = []
    /// Events that were published.
    let published: Int
    /// Events that a wanted subscription covers.
    private(set) var covered = 0
    /// Of those, how many came.
    private(set) var received = 0
    /// Of those, how many are missing within a gap that is certain.
    private(set) var missedInGaps = 0
    /// Of those, how many are missing within a doubt that a silent fault explains.
    private(set) var missedInDoubts = 0
    /// The longest that a publication took.
    let widest: Duration

    init(on ledger: Ledger) {
        published = ledger.published.count
        widest = ledger.published.lazy.map(\.span.length).max() ?? .zero
        let known = Set(ledger.published.lazy.map(\.id))
        for (id, times) in ledger.arrivals.sorted(by: { $0.key < $1.key }) {
            if !known.contains(id) { violations.append(.invented(id)) }
            if times > 1 { violations.append(.repeated(id, times: times)) }
        }
        for publication in ledger.published where !publication.subscriptions.isEmpty {
            covered += 1
            if ledger.arrivals[publication.id] != nil { received += 1 } else { judge(publication, ledger) }
        }
    }

    private mutating func judge(_ publication: Ledger.Publication, _ ledger: Ledger) {
        var isDoubted = false
        for subscription in publication.subscriptions {
            switch Self.excuse(for: publication, subscription, ledger) {
            case .gap: continue
            case .none: return violations.append(.lost(publication, subscription))
            case .doubt:
                guard ledger.isSilent(during: publication.span) else {
                    return violations.append(.unexplained(publication, subscription))
                }
                isDoubted = true
            }
        }
        if isDoubted { missedInDoubts += 1 } else { missedInGaps += 1 }
    }

    private static func excuse(
        for publication: Ledger.Publication, _ subscription: Subscription, _ ledger: Ledger
    ) -> Excuse {
        var excuse = Excuse.none
        for gap in ledger.gaps
        where gap.concerns(subscription) && gap.span.meets(publication.span, tolerance: tolerance) {
            guard ledger.allowedReasons?.contains(gap.reason) ?? true else { continue }
            if gap.reason != .unverified { return .gap }
            excuse = .doubt
        }
        return excuse
    }
}

extension Ledger {
    /// Whether a fault of which no connection hears was at work.
    fileprivate func isSilent(during span: Span) -> Bool {
        faults.contains { $0.silence?.meets(span, tolerance: Verdict.tolerance) == true }
    }
}

extension Gap {
    /// From its beginning to its end.
    var span: Span { Span(from, to) }

    /// Whether events of this subscription may be missing.
    func concerns(_ subscription: Subscription) -> Bool {
        accounts.contains(subscription.account) && bindings.contains(subscription.binding)
    }
}
