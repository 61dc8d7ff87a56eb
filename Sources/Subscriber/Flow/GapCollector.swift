import Blackhole
import Events

/// Gathers what is missing of single subscriptions into records: one for each interval and reason.
///
/// Doubts that begin within ten seconds of each other share a record, the earliest beginning standing for all: each
/// subscription is verified at a moment of its own, and thousands of records that differ by a second help nobody.
struct GapCollector {
    fileprivate struct Key: Hashable {
        var from: Timestamp
        let to: Timestamp
        let reason: Gap.Reason
    }

    private var missing: [Key: [Subscription]] = [:]

    /// How far apart doubts begin that share a record.
    private static let grain: Duration = .seconds(10)

    /// Adds an interval. A clock that was set back must not make it end before it begins.
    mutating func add(_ subscription: Subscription, from: Timestamp, to: Timestamp, reason: Gap.Reason) {
        missing[Key(from: from, to: max(from, to), reason: reason), default: []].append(subscription)
    }

    /// The records, the earliest first.
    var gaps: [Gap] {
        var records: [(key: Key, subscriptions: [Subscription])] = []
        for (key, subscriptions) in missing.sorted(by: { $0.key.order < $1.key.order }) {
            if let last = records.indices.last, records[last].key.takesIn(key, within: Self.grain) {
                records[last].subscriptions += subscriptions
            } else {
                records.append((key, subscriptions))
            }
        }
        return records.map { key, subscriptions in
            Gap(
                from: key.from, to: key.to, reason: key.reason,
                accounts: subscriptions.map(\.account).withoutRepetitions,
                bindings: subscriptions.map(\.binding).withoutRepetitions)
        }
    }
}

extension GapCollector.Key {
    /// By the end, so that what shares a record stands side by side, and then by the beginning.
    fileprivate var order: (Timestamp, String, Timestamp) { (to, reason.description, from) }

    fileprivate func takesIn(_ other: Self, within grain: Duration) -> Bool {
        reason == .unverified && other.reason == reason && other.to == to
            && other.from - from <= grain
    }
}

extension Array where Element: Hashable {
    /// Each element once, in the order of their first occurrence.
    fileprivate var withoutRepetitions: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
