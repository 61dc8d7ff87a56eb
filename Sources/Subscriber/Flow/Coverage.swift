import Blackhole
import Events

/// Which subscriptions are live, on how many connections, since when not, and until when that is more than a belief: a
/// value that is told what happens, and answers with the gaps that end by it.
///
/// A subscription is *carried* by the connections that have confirmed it. While none does, events are missed for certain,
/// and the next confirmation ends a gap. While one does, only its silence vouches for it: Kazoo lets a subscription die
/// without a word (a stranger's unsubscribe, a restarted listener, a lost message broker). So each has a moment until
/// which it is *verified*, and the next confirmation turns the time since then into an `unverified` gap. While
/// connections to two servers carry it, each is the other's *witness*, and nothing is doubted.
struct Coverage: Sendable {
    private struct Entry {
        /// How many connections carry it.
        var carriers: UInt8 = 0
        /// The last moment at which it was known to be live.
        var verifiedAt: Timestamp?
        /// When the last event of it was seen.
        var eventAt: Timestamp?
        /// Whether an event has ended a long silence since `verifiedAt`: those that follow say nothing about it.
        var hasBeenSilent = false
        /// Since when nothing of it can arrive; `nil` while it is carried, and before it was wanted.
        var missingSince: Timestamp?
        var missingReason = Gap.Reason.connectionLost

        /// Until when it is verified, if it is live.
        var verified: Timestamp? { missingSince == nil ? verifiedAt : nil }
    }

    private struct Carrier {
        let endpoint: String
        var subscriptions: Set<Subscription> = []
        /// The last moment at which the server was heard on this connection.
        var heardAt: Timestamp
    }

    private var entries: [Subscription: Entry] = [:]
    private var carriers: [ConnectionID: Carrier] = [:]
    /// How many subscriptions are missing now.
    private(set) var missingCount = 0

    /// A silence between two events that is not doubted: shorter than any outage that Kazoo survives by itself.
    ///
    /// A message broker that drops its connections is away for half a minute.
    static let trustedSilence: Duration = .seconds(10)
    /// A doubt shorter than this gets no record of its own, but is a part of the next.
    static let shortestDoubt: Duration = .seconds(1)

    /// How many subscriptions are wanted.
    var count: Int { entries.count }

    // MARK: What is wanted

    /// Wants these from now on; those that are wanted already stay as they are.
    ///
    /// - Parameters:
    ///   - since: since when their events are missed; `nil` when nobody waited for them before now.
    ///   - reason: why they are missed.
    mutating func want(_ subscriptions: [Subscription], since: Timestamp?, reason: Gap.Reason) {
        for subscription in subscriptions where entries[subscription] == nil {
            var entry = Entry()
            entry.missingSince = since
            entry.missingReason = reason
            entries[subscription] = entry
            if since != nil { missingCount += 1 }
        }
    }

    /// Does not want these any longer.
    ///
    /// - Returns: the gaps that end here: nothing will confirm these again, so what may be missing is told now.
    mutating func unwant(_ subscriptions: Set<Subscription>, at now: Timestamp) -> [Gap] {
        var gaps = GapCollector()
        for subscription in subscriptions {
            guard let entry = entries[subscription] else { continue }
            if entry.missingSince != nil { missingCount -= 1 }
            _ = declare(subscription, entry, until: now, in: &gaps)
            entries[subscription] = nil
        }
        for id in carriers.keys { carriers[id]?.subscriptions.subtract(subscriptions) }
        return gaps.gaps
    }

    // MARK: What connections tell

    /// A connection is open; it carries nothing yet.
    ///
    /// - Parameter endpoint: the server's address; connections to one server are no witnesses for each other.
    mutating func opened(_ id: ConnectionID, to endpoint: String, at now: Timestamp) {
        carriers[id] = Carrier(endpoint: endpoint, heardAt: now)
    }

    /// A connection has subscribed to these, for the first time or anew.
    ///
    /// - Returns: the gaps that end here.
    mutating func confirmed(_ subscriptions: [Subscription], on id: ConnectionID, at now: Timestamp) -> [Gap] {
        // The confirmation itself was heard: a gap that follows does not begin before it.
        if let heardAt = carriers[id]?.heardAt { carriers[id]?.heardAt = max(heardAt, now) }
        var gaps = GapCollector()
        for subscription in subscriptions {
            guard var entry = entries[subscription] else { continue }
            let isVerified = declare(subscription, entry, until: now, in: &gaps)
            if entry.missingSince != nil {
                entry.missingSince = nil
                missingCount -= 1
            }
            if carriers[id]?.subscriptions.insert(subscription).inserted == true { entry.carriers += 1 }
            if isVerified {
                entry.verifiedAt = max(now, entry.verifiedAt ?? now)
                entry.hasBeenSilent = false
            }
            entries[subscription] = entry
        }
        return gaps.gaps
    }

    /// Adds what may be missing of a subscription until now: for certain, or because nobody vouches for it.
    ///
    /// - Returns: whether there is no doubt left that waits for the next record.
    private func declare(
        _ subscription: Subscription, _ entry: Entry, until now: Timestamp, in gaps: inout GapCollector
    ) -> Bool {
        if let since = entry.missingSince {
            // A short doubt before it is a part of the gap.
            let verifiedAt = min(entry.verifiedAt ?? since, since)
            let isDoubtful = since - verifiedAt >= Self.shortestDoubt
            if isDoubtful { gaps.add(subscription, from: verifiedAt, to: since, reason: .unverified) }
            gaps.add(subscription, from: isDoubtful ? since : verifiedAt, to: now, reason: entry.missingReason)
        } else if let verifiedAt = entry.verifiedAt, !isWitnessed(subscription, entry) {
            guard now - verifiedAt >= Self.shortestDoubt else { return false }
            gaps.add(subscription, from: verifiedAt, to: now, reason: .unverified)
        }
        return true
    }

    /// The server has refused these on a connection, and will not send their events.
    mutating func refused(_ subscriptions: [Subscription], on id: ConnectionID, at now: Timestamp) {
        for subscription in subscriptions {
            if carriers[id]?.subscriptions.contains(subscription) == true {
                drop(subscription, from: id, heardAt: now, reason: .refused)
            } else if let entry = entries[subscription], entry.carriers == 0, entry.missingSince == nil {
                miss(subscription, since: now, reason: .refused)
            }
        }
    }

    /// The server was heard: everything it sent before is here.
    mutating func heard(on id: ConnectionID, at now: Timestamp) {
        carriers[id]?.heardAt = now
    }

    /// An event of this subscription has come.
    ///
    /// It verifies the subscription only where the silence since the event before was short: what comes after an outage
    /// says nothing about the outage. A confirmation does not break the silence, for Kazoo confirms while its message
    /// broker is away.
    mutating func witnessed(_ subscription: Subscription, at now: Timestamp) {
        guard var entry = entries[subscription] else { return }
        let isShort = entry.eventAt.map { now - $0 <= Self.trustedSilence } ?? false
        entry.eventAt = max(now, entry.eventAt ?? now)
        if let verifiedAt = entry.verifiedAt, entry.missingSince == nil, verifiedAt < now {
            if !isShort { entry.hasBeenSilent = true }
            if !entry.hasBeenSilent { entry.verifiedAt = now }
        }
        entries[subscription] = entry
    }

    /// A connection is over. What the server sent after it was last heard may be missing.
    mutating func lost(_ id: ConnectionID) {
        guard let carrier = carriers[id] else { return }
        for subscription in carrier.subscriptions {
            drop(subscription, from: id, heardAt: carrier.heardAt, reason: .connectionLost)
        }
        carriers[id] = nil
    }

    /// Something has happened that silences these on every connection until they are subscribed to anew.
    mutating func silence(since: Timestamp, reason: Gap.Reason, where isSilent: (Subscription) -> Bool) {
        for (subscription, entry) in entries where entry.missingSince == nil && isSilent(subscription) {
            guard entry.carriers > 0 else { continue }
            miss(subscription, since: max(since, entry.verifiedAt ?? since), reason: reason)
        }
    }

    private mutating func drop(
        _ subscription: Subscription, from id: ConnectionID, heardAt: Timestamp, reason: Gap.Reason
    ) {
        guard var entry = entries[subscription] else { return }
        let wasWitnessed = isWitnessed(subscription, entry)
        carriers[id]?.subscriptions.remove(subscription)
        entry.carriers -= 1
        if wasWitnessed { entry.verifiedAt = max(heardAt, entry.verifiedAt ?? heardAt) }
        entries[subscription] = entry
        if entry.carriers == 0, entry.missingSince == nil { miss(subscription, since: heardAt, reason: reason) }
    }

    /// Whether connections to two servers carry a subscription.
    private func isWitnessed(_ subscription: Subscription, _ entry: Entry) -> Bool {
        guard entry.carriers > 1 else { return false }
        let endpoints = carriers.values.lazy.filter { $0.subscriptions.contains(subscription) }.map(\.endpoint)
        return endpoints.first.map { first in endpoints.contains { $0 != first } } ?? false
    }

    private mutating func miss(_ subscription: Subscription, since: Timestamp, reason: Gap.Reason) {
        entries[subscription]?.missingSince = since
        entries[subscription]?.missingReason = reason
        missingCount += 1
    }

    // MARK: What is known

    /// The moment until which nothing is missing that a client can know of; `nil` before anything was confirmed.
    ///
    /// Whoever starts again later has missed what came after it. What the server refuses is left out: it would hold the
    /// moment back for as long as the refusal lasts.
    var liveUntil: Timestamp? {
        let heard = carriers.values.lazy.filter { !$0.subscriptions.isEmpty }.map(\.heardAt).min()
        guard missingCount > 0 else { return heard }
        let missing = entries.values.lazy.filter { $0.missingReason != .refused }.compactMap(\.missingSince).min()
        return [heard, missing].compactMap(\.self).min()
    }

    /// Until when a subscription is verified; `nil` while it is missing or was never confirmed.
    func verifiedAt(_ subscription: Subscription) -> Timestamp? { entries[subscription]?.verified }

    /// The moment until which every subscription that is live is verified; `nil` when none is.
    var verifiedUntil: Timestamp? { entries.values.lazy.compactMap(\.verified).min() }

    /// The subscriptions that the server refuses.
    var refused: [Subscription] {
        guard missingCount > 0 else { return [] }
        return entries.filter { $0.value.missingSince != nil && $0.value.missingReason == .refused }.map(\.key)
    }
}
