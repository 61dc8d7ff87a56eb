import Blackhole

/// Which accounts there are, and what is subscribed to for them.
extension SessionMachine {
    /// The accounts below the login's are known.
    mutating func listed(_ accounts: [AccountID], now: ContinuousClock.Instant) -> [Action] {
        poll?.answered(now: now)
        descendants = accounts
        if let crowdedAt, now - crowdedAt >= policy.crowdMemory { plan.growAgain() }
        return arrange() + advance(now: now)
    }

    /// The accounts below the login's could not be asked for.
    ///
    /// - Parameter isTokenRefused: whether a new login would help.
    mutating func listingFailed(
        _ failure: SessionFailure, isTokenRefused: Bool, now: ContinuousClock.Instant
    ) -> [Action] {
        if isTokenRefused {
            let wasFresh = token.isFresh
            token.refused(token.number)
            if !wasFresh {
                poll?.postpone(until: now)
                return advance(now: now)
            }
        }
        if !wasReady, policy.endsBeforeFirstReady { return end(failure) }
        poll?.failed(isThrottled: failure.kind == .throttled, now: now)
        guard descendants == nil, let failures = poll?.failures else { return advance(now: now) }
        // Nothing can be subscribed to before the accounts are known.
        let until = now + delay(after: failure, failures: failures)
        poll?.postpone(until: until)
        return [.rest(until: until)] + advance(now: now)
    }

    /// An event tells of a new account below the login's.
    mutating func accountCreated(now: ContinuousClock.Instant) -> [Action] {
        poll?.hurry(now: now)
        return advance(now: now)
    }

    /// Turns what is wanted into subscriptions, and these into lanes.
    mutating func arrange() -> [Action] {
        let wanted: [Subscription]
        do throws(SessionFailure) {
            wanted = try wishes.subscriptions(own: ownAccount, descendants: descendants ?? [])
        } catch {
            return end(error)
        }
        if wanted.isEmpty, !wasReady, policy.endsBeforeFirstReady {
            return end(
                SessionFailure(.rejected, "the account has no descendants yet: there is nothing to subscribe to"))
        }
        let change = plan.update(to: wanted)
        var actions: [Action] = []
        let added = change.added.sorted { $0.key < $1.key }.flatMap(\.value)
        if !added.isEmpty { actions.append(.want(added, found: isArranged)) }
        isArranged = true
        let removed = change.removed.values.reduce(into: Set()) { $0.formUnion($1) }
        if !removed.isEmpty { actions.append(.unwant(removed)) }
        return actions + follow(change)
    }

    /// Makes the lanes fit the plan.
    mutating func follow(_ change: SubscriptionPlan.Change) -> [Action] {
        var actions: [Action] = []
        for (share, subscriptions) in change.removed.sorted(by: { $0.key < $1.key }) {
            actions += links(of: share).map { .remove($0, subscriptions) }
        }
        for (share, subscriptions) in change.added.sorted(by: { $0.key < $1.key }) {
            actions += links(of: share).map { .add($0, subscriptions) }
        }
        for share in change.emptiedShares {
            actions += links(of: share).map { .leave($0) }
            lanes.removeAll { $0.share == share }
        }
        for share in change.newShares {
            for replica in 0..<policy.redundancy {
                lanes.append(Lane(share: share, replica: replica, urlIndex: replica % urlCount))
            }
        }
        return actions
    }

    func links(of share: Int) -> [ConnectionID] {
        lanes.lazy.filter { $0.share == share }.flatMap { [$0.link, $0.successor].compactMap { $0?.id } }
    }
}
