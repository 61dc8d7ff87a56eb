import Events
import Secrets

/// What is sent, and when.
extension BlackholeDialect {
    /// Sends what may be sent now, and says so when there is nothing left to settle.
    mutating func proceed(now: ContinuousClock.Instant) -> [DialectAction] {
        var actions: [DialectAction] = []
        while let entry = waiting.first {
            guard entries[entry].progress == .wanted else {
                _ = waiting.popFirst()
                continue
            }
            let cost = cost(of: entry)
            guard hasRoom(for: cost), rate.take(cost, now: now) else { break }
            _ = waiting.popFirst()
            if isRecountDue(entry) {
                entries[entry].isHeld = false
                actions.append(send(.unsubscribe, entry, now: now))
            }
            entries[entry].progress = .pending
            entries[entry].hasBeenAskedFor = true
            entries[entry].isOutdated = false
            // Once given up, it is not given up again before Kazoo has confirmed it: that would be another session's.
            entries[entry].isToBeRecounted = false
            actions.append(send(.subscribe, entry, now: now))
        }
        if unsettled == 0, readinessOwedSince != nil {
            readinessOwedSince = nil
            actions.append(.ready)
        }
        return actions
    }

    /// When the next request of many may be sent; `nil` where none waits for the pace.
    var nextRequest: ContinuousClock.Instant? {
        guard let entry = waiting.first else { return nil }
        let cost = cost(of: entry)
        return hasRoom(for: cost) ? rate.next(cost) : nil
    }

    /// Makes a subscription wanted, whatever has been said to it so far; its request follows as the pace allows.
    mutating func want(_ entry: Int) {
        entries[entry].isOutdated = true
        guard entries[entry].progress == .settled else { return }
        entries[entry].missingReplies = 0
        entries[entry].unclearFailures = 0
        entries[entry].progress = .wanted
        unsettled += 1
        waiting.append(entry)
    }

    /// Asks again for a subscription, at once or after a rest, unless it is wanted no longer.
    mutating func askAgain(_ entry: Int, at moment: ContinuousClock.Instant? = nil) {
        guard !entries[entry].isRemoved else { return settle(entry) }
        entries[entry].progress = .wanted
        if let moment {
            resting.append((until: moment, entry: entry))
        } else {
            waiting.append(entry)
        }
    }

    /// There is nothing more to be done for a subscription.
    mutating func settle(_ entry: Int) {
        guard entries[entry].progress != .settled else { return }
        entries[entry].progress = .settled
        entries[entry].isOutdated = false
        entries[entry].isToBeRecounted = false
        if !entries[entry].isRemoved { unsettled -= 1 }
    }

    mutating func missedReply(to request: Request, now: ContinuousClock.Instant) -> [DialectAction] {
        // Whether Kazoo has given a subscription up or not: the subscribe that came right behind decides.
        guard request.action == .subscribe else { return [] }
        let entry = request.entry
        entries[entry].missingReplies += 1
        let missing = Int(entries[entry].missingReplies)
        askAgain(entry, at: missing < pace.attempts ? nil : now + pace.retryPause)
        guard missing == pace.attempts, !entries[entry].isRemoved else { return [] }
        return [
            .failed(
                DialectFailure(
                    code: .replyMissing,
                    message: "Kazoo has not answered \(missing) requests; they are repeated until it does",
                    isPermanent: false, subject: entries[entry].subscription.description))
        ]
    }

    // MARK: The pace

    /// How many requests may be unanswered: one until it is known that the token is good.
    private var window: Int { isAuthenticated ? pace.inFlight : 1 }

    /// Whether so many requests may be sent together; in a window that is too small for them, only alone.
    private func hasRoom(for cost: Int) -> Bool {
        inFlight.count + cost <= max(window, cost)
    }

    private func cost(of entry: Int) -> Int { isRecountDue(entry) ? 2 : 1 }

    private func isRecountDue(_ entry: Int) -> Bool {
        entries[entry].isToBeRecounted && entries[entry].isHeld && isRenewedByRepeating == false
    }

    private mutating func send(
        _ action: Command.Action, _ entry: Int, now: ContinuousClock.Instant
    ) -> DialectAction {
        inFlight.append(Request(action: action, entry: entry, deadline: now + pace.replyTimeout))
        let command = Command(
            action, entries[entry].subscription, requestID: requestID(action, entry),
            authToken: isAuthenticated ? nil : token?.reveal())
        return .transmit(command.json)
    }

    /// The `request_id` of a request: `s7` for a subscribe, `su7` for an unsubscribe.
    private func requestID(_ action: Command.Action, _ entry: Int) -> String {
        switch action {
        case .subscribe: "\(requestIDPrefix)\(entry)"
        case .unsubscribe: "\(requestIDPrefix)u\(entry)"
        }
    }
}
