import Consumers
import Events
import Subscriber
import Threads

/// A consumer of the config file at work: its way in, its work, and its end.
protocol Outlet: Sendable {
    /// Which events it gets from the router, and where these go; `nil` where it reads by itself.
    var route: Route? { get }

    /// Delivers, until it is finished and everything is delivered, the time is up, or the consumer is of no use any more.
    func run() async

    /// Nothing more comes: what waits is delivered, as far as that goes before the deadline.
    func finish(by deadline: ContinuousClock.Instant)

    /// Opens its files anew, as on SIGHUP.
    func reopen()

    /// What it has done so far.
    var progress: OutletProgress { get }
}

/// What a consumer has done since it was made, in events, and how far it is behind.
struct OutletProgress: Equatable, Sendable {
    /// Taken by the consumer.
    var delivered = 0
    /// Dropped, because the consumer was too slow.
    var dropped = 0
    /// Put among the dead letters, or lost after the last attempt.
    var givenUp = 0
    /// What has come and is not done with.
    var lag = Lag(events: 0, oldest: nil)
    /// Whether it keeps failing, and is tried at a slow pace only.
    var isFailing = false

    /// All of it in a line, with the lag in events and seconds.
    func description(now: Timestamp) -> String {
        var parts = ["\(delivered) events delivered", "\(lag.events) waiting"]
        if let oldest = lag.oldest {
            let age = max(.zero, now - oldest)
            parts[1] += " for up to \(age.formattedSeconds) s"
        }
        if dropped > 0 { parts.append("\(dropped) dropped") }
        if givenUp > 0 { parts.append("\(givenUp) given up") }
        if isFailing { parts.append("failing") }
        return parts.joined(separator: ", ")
    }
}
