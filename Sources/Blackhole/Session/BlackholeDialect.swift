public import Events
import Secrets

/// Blackhole's protocol on one connection, for Kazoo 4.x and 5: subscribes, watches the replies, and lets events through.
///
/// Nothing is asked for twice while an answer is due, and never more than ``Pace/inFlight`` at once. The first command
/// that succeeds authenticates the session for good (recorded: `transcripts/v4/auth.jsonl`), so until then there is one
/// request at a time, with the token, and afterwards the token is not sent again. Replies are matched by `request_id`
/// alone, because the keys in them are not those that were asked for.
///
/// A refusal that cannot be told from a passing fault is repeated ``Pace/attempts`` times and then counts as a refusal.
/// Nothing is unsubscribed at the end: Kazoo's unsubscribe reaches beyond the session (`bh_events.erl`).
public struct BlackholeDialect: Dialect {
    private enum Phase {
        case idle, open, closed
    }

    private struct Request {
        let entry: Int
        let deadline: ContinuousClock.Instant
    }

    private let pace: Pace
    private let requestIDPrefix: String
    private var entries: [SubscriptionEntry]
    private var phase = Phase.idle
    private var token: Secret?
    private var isAuthenticated = false
    private var isReady = false
    private var isSlowedDown = false
    /// How many subscriptions are neither confirmed nor refused.
    private var unsettled: Int
    /// The subscriptions to ask for as soon as the pace allows.
    private var waiting: Queue<Int>
    /// The subscriptions to ask for later; all rest equally long, so they are in the order of their moments.
    private var resting = Queue<(until: ContinuousClock.Instant, entry: Int)>()
    /// The requests that wait for their replies, the oldest first.
    private var inFlight: [Request] = []
    private var rate: RateLimit

    /// Creates the dialect for one connection.
    ///
    /// - Parameters:
    ///   - subscriptions: what to subscribe to, in this order; repetitions are left out.
    ///   - pace: how fast.
    ///   - requestIDPrefix: what the `request_id` of every request begins with.
    public init(subscriptions: [Subscription], pace: Pace = .default, requestIDPrefix: String = "s") {
        precondition(pace.inFlight > 0 && pace.attempts > 0, "a session asks for something, at least once")
        var seen: Set<Subscription> = []
        entries = subscriptions.filter { seen.insert($0).inserted }.map { SubscriptionEntry(subscription: $0) }
        unsettled = entries.count
        waiting = Queue(Array(entries.indices))
        self.pace = pace
        self.requestIDPrefix = requestIDPrefix
        rate = RateLimit(burst: pace.burst, perSecond: pace.perSecond)
    }

    /// Every subscription and how far it has come.
    public var subscriptions: [(subscription: Subscription, state: SubscriptionState)] {
        entries.map { ($0.subscription, $0.state) }
    }

    /// How many requests wait for their replies.
    public var requestsInFlight: Int { inFlight.count }

    // MARK: Dialect

    /// Starts to subscribe.
    public mutating func opened(token: String?, now: ContinuousClock.Instant) -> [DialectAction] {
        precondition(phase == .idle, "a dialect serves one connection")
        phase = .open
        self.token = token.map(Secret.init)
        return proceed(now: now)
    }

    /// Appends events to the batch, and matches replies with their requests.
    ///
    /// An event costs one scan and one copy. A text that is not JSON becomes an `invalid` line of the batch.
    public mutating func received(
        _ message: UnsafeRawBufferPointer, now: ContinuousClock.Instant, into batch: inout EventBatch
    ) -> [DialectAction] {
        let index: JSONScanner.Index
        do {
            index = try JSONScanner.scan(message)
        } catch {
            batch.append(invalid: message)
            return []
        }
        if let action = index.action, message.holds(#""event""#, at: action) {
            batch.append(event: message, located: index)
            return []
        }
        return handle(message, index, now: now)
    }

    /// Repeats what has been left without a reply, and sends what the pace allows by now.
    public mutating func tick(now: ContinuousClock.Instant) -> [DialectAction] {
        guard phase == .open else { return [] }
        var actions: [DialectAction] = []
        while let request = inFlight.first, request.deadline <= now {
            inFlight.removeFirst()
            actions += missedReply(to: request.entry, now: now)
        }
        while let rested = resting.first, rested.until <= now {
            _ = resting.popFirst()
            waiting.append(rested.entry)
        }
        return actions + proceed(now: now)
    }

    /// Ends the session; there is nothing to say.
    public mutating func closing(now: ContinuousClock.Instant) -> [DialectAction] {
        phase = .closed
        return []
    }

    /// When something is due: a reply, a repetition, or the next request of many.
    public var deadline: ContinuousClock.Instant? {
        guard phase == .open else { return nil }
        let nextRequest = waiting.first != nil && inFlight.count < window ? rate.next : nil
        return [inFlight.first?.deadline, resting.first?.until, nextRequest].compactMap { $0 }.min()
    }

    // MARK: Sending

    /// How many requests may be unanswered: one until it is known that the token is good.
    private var window: Int { isAuthenticated ? pace.inFlight : 1 }

    /// Sends what may be sent now, and says so when there is nothing left to settle.
    private mutating func proceed(now: ContinuousClock.Instant) -> [DialectAction] {
        var actions: [DialectAction] = []
        while inFlight.count < window, let entry = waiting.first {
            guard !entries[entry].state.isSettled else {
                _ = waiting.popFirst()
                continue
            }
            guard rate.take(now: now) else { break }
            _ = waiting.popFirst()
            entries[entry].state = .pending
            entries[entry].hasBeenAskedFor = true
            inFlight.append(Request(entry: entry, deadline: now + pace.replyTimeout))
            let command = Command(
                .subscribe, entries[entry].subscription, requestID: requestIDPrefix + String(entry),
                authToken: isAuthenticated ? nil : token?.reveal())
            actions.append(.transmit(command.json))
        }
        if unsettled == 0, !isReady {
            isReady = true
            actions.append(.ready)
        }
        return actions
    }

    private mutating func missedReply(to entry: Int, now: ContinuousClock.Instant) -> [DialectAction] {
        entries[entry].state = .wanted
        entries[entry].missingReplies += 1
        let missing = entries[entry].missingReplies
        if missing < pace.attempts {
            waiting.append(entry)
            return []
        }
        resting.append((until: now + pace.retryPause, entry: entry))
        guard missing == pace.attempts else { return [] }
        return [
            .failed(
                DialectFailure(
                    code: .replyMissing,
                    message: "Kazoo has not answered \(missing) requests; they are repeated until it does",
                    isPermanent: false, subject: entries[entry].subscription.description))
        ]
    }

    // MARK: Replies

    private mutating func handle(
        _ message: UnsafeRawBufferPointer, _ index: JSONScanner.Index, now: ContinuousClock.Instant
    ) -> [DialectAction] {
        guard phase == .open else { return [] }
        guard let reply = Reply(message, located: index) else {
            return [
                .failed(
                    DialectFailure(
                        code: .unexpectedMessage,
                        message: "Kazoo has sent \(message.count) bytes that are neither an event nor a reply",
                        isPermanent: false))
            ]
        }
        guard let entry = entry(of: reply.requestID) else {
            return [
                .failed(
                    DialectFailure(
                        code: .unexpectedMessage, message: "Kazoo has answered a request that was not made",
                        isPermanent: false))
            ]
        }
        inFlight.removeAll { $0.entry == entry }
        switch (reply.outcome, entries[entry].state) {
        case (.success, .wanted), (.success, .pending):
            confirm(entry, now: now)
        case (.failure(let errors), .pending):
            let actions = refuse(entry, errors, now: now)
            return phase == .open ? actions + proceed(now: now) : actions
        case (.failure, .wanted), (_, .confirmed), (_, .refused):
            break
        }
        return proceed(now: now)
    }

    /// The subscription that a request was about.
    ///
    /// A repeated request has the id of the first one, so a success that comes late counts. A failure that comes after
    /// its request was given up does not: the next request is waiting already, and will tell.
    private func entry(of requestID: String?) -> Int? {
        guard let requestID, requestID.hasPrefix(requestIDPrefix),
            let entry = Int(requestID.dropFirst(requestIDPrefix.count)), entries.indices.contains(entry),
            entries[entry].hasBeenAskedFor
        else { return nil }
        return entry
    }

    private mutating func confirm(_ entry: Int, now: ContinuousClock.Instant) {
        entries[entry].state = .confirmed(verifiedAt: now)
        unsettled -= 1
        isAuthenticated = true
        isSlowedDown = false
        token = nil
    }

    private mutating func refuse(
        _ entry: Int, _ errors: [String], now: ContinuousClock.Instant
    ) -> [DialectAction] {
        let subscription = entries[entry].subscription
        let refusal = Refusal(errors, for: subscription, token: token?.reveal())
        entries[entry].state = .wanted
        switch refusal.kind {
        case .tokenRefused:
            phase = .closed
            let failure = DialectFailure(code: .tokenRefused, message: refusal.message, isPermanent: false)
            return [.failed(failure), .close(code: 1000, reason: "")]
        case .rateLimited:
            rate.pause(until: now + pace.rateLimitPause)
            waiting.append(entry)
            if isSlowedDown { return [] }
            isSlowedDown = true
            return [.failed(DialectFailure(code: .rateLimited, message: refusal.message, isPermanent: false))]
        case .unknown where entries[entry].unclearFailures + 1 < pace.attempts:
            entries[entry].unclearFailures += 1
            resting.append((until: now + pace.retryPause, entry: entry))
            return []
        case .unknown, .permanent, .forbidden:
            entries[entry].state = .refused(refusal)
            unsettled -= 1
            let failure = DialectFailure(
                code: refusal.kind == .forbidden ? .subscriptionForbidden : .subscriptionRefused,
                message: refusal.message, isPermanent: refusal.kind != .unknown,
                subject: subscription.description)
            return [.failed(failure)]
        }
    }
}
