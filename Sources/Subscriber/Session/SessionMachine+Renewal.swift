import Events

/// How subscriptions are renewed, because Kazoo lets them die without a word.
///
/// Kazoo counts, server-wide, how many sessions need a listener; a stranger's unsubscribe or a restarted listener leaves
/// the count too low, and a session's end takes one more away (`blackhole_listener.erl`, `bh_events.erl` `close/1`).
///
/// - In 4.x a repeated subscribe counts again, so repeating all of them on the connection that stands is enough.
/// - In 5 it does not count. A second connection is made before the first is left, so that nothing is missed; but the end
///   of the first may take the listener away that the second relies on. So when it is gone the second makes the counted
///   subscriptions anew: unsubscribe and subscribe, one right behind the other.
///
/// A second connection also brings a lane back to the server where it belongs.
extension SessionMachine {
    /// Begins a renewal that is due, unless another connection with the same share is at it.
    mutating func beginRenewal(at index: Int) {
        let lane = lanes[index]
        guard lane.isReady, lane.renewal == nil, lane.mustRenew,
            !lanes.contains(where: { $0.share == lane.share && $0.isRenewing })
        else { return }
        let isAtHome = lane.link?.urlIndex == preferredURL(of: lane)
        if lane.link?.isRenewedByRepeating == true, isAtHome {
            lanes[index].mustRepeat = true
        } else {
            lanes[index].renewal = .wanted
        }
        lanes[index].mustRenew = false
    }

    /// The second connection carries everything: the first one can be left.
    mutating func succeeded(at index: Int, _ settlement: Settlement, now: ContinuousClock.Instant) -> [Action] {
        guard var successor = lanes[index].successor else { return [] }
        // What it has been told to add is not carried by it yet: another settlement follows.
        guard settlement.orders == successor.orders else { return [] }
        lanes[index].successor = nil
        guard settlement.confirmed > 0, let old = lanes[index].link else {
            return [.leave(successor.id)] + renewInPlace(at: index)
        }
        token.used(successor.tokenNumber)
        successor.readySince = now
        successor.settledOrders = settlement.orders
        successor.isRenewedByRepeating = settlement.isRenewedByRepeating
        lanes[index].link = successor
        lanes[index].renewal = .leaving(old.id)
        lanes[index].confirmed = settlement.confirmed
        lanes[index].refused = settlement.refused
        return [.leave(old.id)] + tellWhenReady()
    }

    /// Makes the subscriptions anew on the connection that stands.
    mutating func renewInPlace(at index: Int) -> [Action] {
        guard let link = lanes[index].link, link.isReady else {
            lanes[index].renewal = nil
            return []
        }
        lanes[index].renewal = .inPlace
        return [.renew(link.id, .recounting)]
    }

    /// Goes on with a renewal that has waited long enough.
    mutating func proceedWithRenewal(at index: Int, now: ContinuousClock.Instant) -> [Action] {
        if case .settling(let until) = lanes[index].renewal, until <= now { return renewInPlace(at: index) }
        guard lanes[index].mustRepeat, lanes[index].renewal == nil, let link = lanes[index].link, link.isReady else {
            return []
        }
        lanes[index].mustRepeat = false
        lanes[index].renewal = .inPlace
        return [.renew(link.id, .repeating)]
    }
}
