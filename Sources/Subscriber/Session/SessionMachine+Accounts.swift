import Blackhole

/// Which accounts there are below the login's.
extension SessionMachine {
    /// The accounts below the login's are known.
    mutating func listed(_ accounts: [AccountID], now: ContinuousClock.Instant) -> [Action] {
        isListing = false
        // Nobody may want to know any more.
        guard poll != nil else { return advance(now: now) }
        poll?.answered(now: now)
        // They seldom change, and are asked for every minute.
        guard accounts != descendants else { return advance(now: now) }
        descendants = accounts
        return arrange(now: now) + advance(now: now)
    }

    /// The accounts below the login's could not be asked for.
    ///
    /// - Parameter isTokenRefused: whether a new login would help.
    mutating func listingFailed(
        _ failure: SessionFailure, isTokenRefused: Bool, now: ContinuousClock.Instant
    ) -> [Action] {
        isListing = false
        if isTokenRefused {
            let wasFresh = token.isFresh
            token.refused(token.number)
            if !wasFresh {
                poll?.postpone(until: now)
                return advance(now: now)
            }
        }
        guard poll != nil else { return advance(now: now) }
        if !wasReady, policy.endsBeforeFirstReady { return end(failure) }
        poll?.failed(isThrottled: failure.kind == .throttled, now: now)
        guard isAwaitingAccounts, let failures = poll?.failures else { return advance(now: now) }
        // Their events are missed as long as the accounts are not known.
        let until = now + delay(after: failure, failures: failures)
        poll?.postpone(until: until)
        return [.rest(until: until)] + advance(now: now)
    }

    /// Whether nobody knows yet which accounts there are, and somebody wants to.
    var isAwaitingAccounts: Bool { wishes.includesDescendants && descendants == nil }

    /// An event tells of a new account below the login's.
    mutating func accountCreated(now: ContinuousClock.Instant) -> [Action] {
        poll?.hurry(now: now)
        return advance(now: now)
    }
}
