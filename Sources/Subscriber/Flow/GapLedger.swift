import Events

/// Knows from when to when no subscription was live: a value that is told what happens, and when.
struct GapLedger: Sendable {
    private var isLive = false
    /// The last moment at which the server was heard while the subscription was live; `nil` before the first readiness.
    private var lastHeard: Timestamp?

    /// The server was heard: everything before is received.
    mutating func heard(at now: Timestamp) {
        if isLive { lastHeard = now }
    }

    /// The connection is lost. What the server sent after it was last heard may be missing.
    mutating func lost() {
        isLive = false
    }

    /// Events flow.
    ///
    /// - Returns: the interval since the subscription was last known to be live; `nil` the first time.
    mutating func ready(at now: Timestamp) -> (from: Timestamp, to: Timestamp)? {
        defer { (isLive, lastHeard) = (true, now) }
        guard !isLive, let lastHeard else { return nil }
        // A clock that was set back must not make a gap end before it begins.
        return (lastHeard, max(lastHeard, now))
    }
}
