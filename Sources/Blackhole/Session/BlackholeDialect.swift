public import Events
import Secrets

/// Blackhole's protocol on one connection, for Kazoo 4.x and 5: subscribes, watches the replies, and lets events through.
///
/// No subscribe is repeated while its answer is due, and never more than ``Pace/inFlight`` requests are unanswered. The
/// first command that succeeds authenticates the session for good (recorded: `transcripts/v4/auth.jsonl`), so until then
/// there is one request at a time, with the token, and afterwards the token is not sent again. Replies are matched by
/// `request_id` alone, because the keys in them are not those that were asked for.
///
/// A refusal that cannot be told from a passing fault is repeated ``Pace/attempts`` times and then counts as a refusal.
/// Nothing is unsubscribed at the end, nor when it is removed: Kazoo's unsubscribe reaches beyond the session
/// (`bh_events.erl`). Only a ``Renewal/recounting`` unsubscribes, and only where nothing else helps.
public struct BlackholeDialect: Dialect {
    /// A binding and the account it is for.
    public typealias Subscription = Blackhole.Subscription

    enum Phase {
        case idle, open, closed
    }

    /// A request that waits for its reply.
    struct Request {
        let action: Command.Action
        let entry: Int
        let deadline: ContinuousClock.Instant
    }

    let pace: Pace
    let requestIDPrefix: String
    var entries: [SubscriptionEntry]
    var phase = Phase.idle
    var token: Secret?
    var isAuthenticated = false
    var isSlowedDown = false
    /// Since when ``DialectAction/ready`` is owed; `nil` when it is not.
    var readinessOwedSince: ContinuousClock.Instant?
    /// How many of the subscriptions that are not removed are not settled.
    var unsettled: Int
    /// The subscriptions to ask for as soon as the pace allows, and some for which that is no longer so.
    var waiting: Queue<Int>
    /// The subscriptions to ask for later; all rest equally long, so they are in the order of their moments.
    var resting = Queue<(until: ContinuousClock.Instant, entry: Int)>()
    /// The requests that wait for their replies, the oldest first.
    var inFlight: [Request] = []
    var rate: RateLimit
    /// Where the values of the last message stand; kept, because it is large.
    private var index = JSONScanner.Index()

    /// Whether Kazoo counts a subscribe that is repeated, so that repeating is enough to renew it: 4.x does, 5 does not;
    /// `nil` while no reply has told.
    public internal(set) var isRenewedByRepeating: Bool?

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

    /// Starts to subscribe.
    public mutating func opened(token: String?, now: ContinuousClock.Instant) -> [DialectAction] {
        precondition(phase == .idle, "a dialect serves one connection")
        phase = .open
        self.token = token.map(Secret.init)
        readinessOwedSince = now
        return proceed(now: now)
    }

    /// Appends events to the batch, and matches replies with their requests.
    ///
    /// An event costs one scan and one copy. A text that is not JSON becomes an `invalid` line of the batch.
    public mutating func received(
        _ message: UnsafeRawBufferPointer, now: ContinuousClock.Instant, into batch: inout EventBatch
    ) -> [DialectAction] {
        do {
            try JSONScanner.scan(message, into: &index)
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
            actions += missedReply(to: request, now: now)
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

    /// When something is due: a reply, a repetition, the next request of many, or the readiness that a removal has left.
    public var deadline: ContinuousClock.Instant? {
        guard phase == .open else { return nil }
        let requests = earliest(earliest(inFlight.first?.deadline, resting.first?.until), nextRequest)
        return unsettled == 0 ? earliest(requests, readinessOwedSince) : requests
    }
}
