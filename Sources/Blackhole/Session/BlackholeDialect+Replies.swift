import Events
import Secrets

/// What Kazoo's replies do.
///
/// Kazoo handles the messages of a session one after another and answers each before it takes the next
/// (`blackhole_socket_handler.erl`, websocket_handle/2), so replies come in the order of their requests, though Kazoo 5
/// may leave some out (`blackhole_data_emitter.erl`, maybe_send/4).
extension BlackholeDialect {
    mutating func handle(
        _ message: UnsafeRawBufferPointer, _ index: JSONScanner.Index, now: ContinuousClock.Instant
    ) -> [DialectAction] {
        guard phase == .open else { return [] }
        guard let reply = Reply(message, located: index) else {
            return unexpected("Kazoo has sent \(message.count) bytes that are neither an event nor a reply")
        }
        guard let (action, entry) = request(named: reply.requestID) else {
            return unexpected("Kazoo has answered a request that was not made")
        }
        inFlight.removeAll { $0.action == action && $0.entry == entry }
        var actions: [DialectAction] = []
        switch (action, reply.outcome) {
        case (.subscribe, .success):
            isRenewedByRepeating = isRenewedByRepeating ?? Reply.tellsThatRepeatingCounts(message, located: index)
            confirm(entry, now: now)
        case (.subscribe, .failure(let errors)) where entries[entry].progress == .pending:
            actions = refuse(entry, errors, now: now)
        case (.unsubscribe, .failure(let errors)) where entries[entry].progress == .pending:
            actions = keep(entry, errors, now: now)
        case (.subscribe, .failure), (.unsubscribe, _):
            break
        }
        return phase == .open ? actions + proceed(now: now) : actions
    }

    /// The command and the subscription that a reply is about.
    ///
    /// A repeated request has the id of the first one, so a success that comes late counts. A failure that comes after
    /// its request was given up does not: the next request is waiting already, and will tell.
    private func request(named requestID: String?) -> (action: Command.Action, entry: Int)? {
        guard let requestID, requestID.hasPrefix(requestIDPrefix) else { return nil }
        let name = requestID.dropFirst(requestIDPrefix.count)
        let action: Command.Action = name.hasPrefix("u") ? .unsubscribe : .subscribe
        guard let entry = Int(action == .subscribe ? name : name.dropFirst()), entries.indices.contains(entry),
            entries[entry].hasBeenAskedFor
        else { return nil }
        return (action, entry)
    }

    private func unexpected(_ message: String) -> [DialectAction] {
        [.failed(DialectFailure(code: .unexpectedMessage, message: message, isPermanent: false))]
    }

    // MARK: Success

    /// Counts a success, unless it answers a request from before the subscription became wanted anew: such an answer tells
    /// of a time before, so the subscription is asked for once more.
    ///
    /// Once that has been done, a late answer to an earlier request is taken for the one to the new request. As replies
    /// come in order, it must have been given up as missing, been repeated, and come all the same. Where none was missing,
    /// nothing is outstanding when a settled subscription is given up and asked for anew, so the next success is that of
    /// the new subscribe. And a mistake does no harm, because Kazoo does what the new request asks, unless it refuses just
    /// that one for coming too fast: three rare things at once, and the next renewal asks again.
    private mutating func confirm(_ entry: Int, now: ContinuousClock.Instant) {
        isAuthenticated = true
        isSlowedDown = false
        token = nil
        guard entries[entry].progress != .settled else { return }
        entries[entry].isHeld = true
        if entries[entry].isOutdated, !entries[entry].isRemoved {
            if entries[entry].progress == .pending { askAgain(entry) }
            return
        }
        entries[entry].outcome = .confirmed(verifiedAt: now)
        settle(entry)
    }

    // MARK: Failure

    private mutating func refuse(
        _ entry: Int, _ errors: [String], now: ContinuousClock.Instant
    ) -> [DialectAction] {
        let subscription = entries[entry].subscription
        let refusal = Refusal(errors, for: subscription, token: token?.reveal())
        switch refusal.kind {
        case .tokenRefused:
            phase = .closed
            entries[entry].progress = .wanted
            let failure = DialectFailure(code: .tokenRefused, message: refusal.message, isPermanent: false)
            return [.failed(failure), .close(code: 1000, reason: "")]
        case .rateLimited:
            askAgain(entry)
            return slowDown(refusal, now: now)
        case .unknown where Int(entries[entry].unclearFailures) + 1 < pace.attempts:
            entries[entry].unclearFailures += 1
            askAgain(entry, at: now + pace.retryPause)
            return []
        case .unknown, .permanent, .forbidden:
            settle(entry)
            // A renewal asks again for what was refused, and the same answer is no news.
            if entries[entry].isRemoved || entries[entry].outcome == .refused(refusal) { return [] }
            entries[entry].outcome = .refused(refusal)
            let failure = DialectFailure(
                code: refusal.kind == .forbidden ? .subscriptionForbidden : .subscriptionRefused,
                message: refusal.message, isPermanent: refusal.kind != .unknown,
                subject: subscription.description)
            return [.failed(failure)]
        }
    }

    /// Kazoo has not taken an unsubscribe.
    ///
    /// Where it had no time for it, the subscription has not been given up: that is still to be done, even if the
    /// subscribe right behind it succeeds. About every other reason the subscribe will hear as well.
    private mutating func keep(_ entry: Int, _ errors: [String], now: ContinuousClock.Instant) -> [DialectAction] {
        let refusal = Refusal(errors, for: entries[entry].subscription)
        guard refusal.kind == .rateLimited else { return [] }
        entries[entry].isHeld = true
        entries[entry].isOutdated = true
        entries[entry].isToBeRecounted = true
        return slowDown(refusal, now: now)
    }

    private mutating func slowDown(_ refusal: Refusal, now: ContinuousClock.Instant) -> [DialectAction] {
        rate.pause(until: now + pace.rateLimitPause)
        if isSlowedDown { return [] }
        isSlowedDown = true
        return [.failed(DialectFailure(code: .rateLimited, message: refusal.message, isPermanent: false))]
    }
}
