import Blackhole
import Events
import Subscriber

extension Verdict.Violation {
    /// In a few words.
    var kind: String {
        switch self {
        case .repeated: "repeated"
        case .invented: "never published"
        case .lost: "lost outside every gap"
        case .unexplained: "lost with no more than a doubt, and nothing was silent"
        }
    }

    /// What happened, with the gaps and the faults around it.
    func explanation(_ ledger: Ledger) -> String {
        switch self {
        case .repeated(let id, let times): "\(id) came \(times) times"
        case .invented(let id): id
        case .lost(let publication, let subscription), .unexplained(let publication, let subscription):
            Self.describe(publication, subscription, ledger)
        }
    }

    private static func describe(
        _ publication: Ledger.Publication, _ subscription: Subscription, _ ledger: Ledger
    ) -> String {
        var lines = ["\(publication.id), published \(publication.span), wanted by \(subscription)"]
        let gaps = ledger.gaps.filter { $0.concerns(subscription) }
            .sorted { $0.span.distance(to: publication.span) < $1.span.distance(to: publication.span) }
        for gap in gaps.prefix(3) { lines.append("    gap \(gap.reason): \(gap.span)") }
        for fault in ledger.faults where (fault.silence ?? fault.span).distance(to: publication.span) < .seconds(30) {
            let silence = fault.silence.map { ", silent \($0)" } ?? ""
            lines.append("    fault \(fault.name): \(fault.span)\(silence)")
        }
        return lines.joined(separator: "\n")
    }
}
