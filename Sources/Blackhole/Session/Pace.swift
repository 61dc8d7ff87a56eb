/// How fast a session subscribes, and how patient it is.
///
/// The defaults stay below Kazoo's limits. Its bucket holds 100 messages a connection and gains 10 a second; where a
/// Kazoo 5 session has more than 50 messages waiting, the server drops replies. So 10,000 subscriptions take about 18
/// minutes, however fast the server answers.
public struct Pace: Equatable, Sendable {
    /// How many requests may be unanswered at once.
    public var inFlight = 40
    /// How many requests may be sent in one go after a pause.
    public var burst = 90
    /// How many requests are sent a second when more are waiting.
    public var perSecond = 9
    /// How long a reply may take before the request is repeated.
    public var replyTimeout: Duration = .seconds(10)
    /// How many times a request is made before its failure is reported.
    public var attempts = 3
    /// How long a request rests that has failed without a clear reason, or has often been left without a reply.
    public var retryPause: Duration = .seconds(15)
    /// How long nothing is sent after Kazoo has asked for fewer messages.
    public var rateLimitPause: Duration = .seconds(5)

    /// The defaults.
    public static let `default` = Pace()

    /// Creates the default pace, to be changed.
    public init() {}
}
