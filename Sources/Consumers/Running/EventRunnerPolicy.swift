public import Events

/// How an ``EventRunner`` hands events over.
public struct EventRunnerPolicy: Sendable {
    /// What becomes of events that are taken and not delivered when the runner has to stop.
    public enum Unfinished: Sendable {
        /// They stay as they are: the feed remembers them, and gives them again after the next start.
        case leave
        /// They go among the dead letters: the feed is in memory, and nobody else has them.
        case bury
    }

    /// How many deliveries run at once; at least 1.
    public var concurrency: Int
    /// Events with the same value here are delivered one after the other, in their order; `nil`, or where an event has no
    /// such value, for no order among them.
    public var orderBy: JSONPath?
    /// How long one attempt may take; then it is cancelled.
    public var timeout: Duration
    /// How often an event is tried before it goes among the dead letters, the first time included.
    public var attempts: Int
    /// The bounds of the waits between attempts, the first and the longest: each is a random part of twice the bound before.
    public var backoff: ClosedRange<Duration>
    /// How many bytes of events may be held, those that run and those that wait; one event alone may be longer.
    public var readAhead: Int
    /// After how many failures in a row, whichever the events, deliveries are suspended but for one at a time; `nil` for
    /// ten, or twice ``concurrency`` where that is more.
    public var suspendAfter: Int?
    /// What becomes of what is not delivered at the end.
    public var unfinished: Unfinished

    /// Creates a policy; the defaults are those of a hook in the config file.
    public init(
        concurrency: Int = 1, orderBy: JSONPath? = nil, timeout: Duration = .seconds(30), attempts: Int = 5,
        backoff: ClosedRange<Duration> = .seconds(1) ... .seconds(300), readAhead: Int = 1 << 20,
        suspendAfter: Int? = nil, unfinished: Unfinished = .leave
    ) {
        precondition(concurrency >= 1 && attempts >= 1 && readAhead >= 1, "nothing could ever be delivered")
        self.concurrency = concurrency
        self.orderBy = orderBy
        self.timeout = timeout
        self.attempts = attempts
        self.backoff = backoff
        self.readAhead = readAhead
        self.suspendAfter = suspendAfter
        self.unfinished = unfinished
    }

    /// The number of failures in a row that suspends deliveries.
    var suspensionThreshold: Int { suspendAfter ?? max(10, 2 * concurrency) }

    /// How much is asked of the feed at once, in bytes: little, so that a slow hook holds little.
    var takeLimit: Int { min(readAhead, 1 << 16) }

    /// How long to wait between attempts.
    var retry: Retry { Retry(attempts: attempts, backoff: backoff) }
}
