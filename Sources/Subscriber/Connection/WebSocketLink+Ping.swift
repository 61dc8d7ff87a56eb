package import Threads

extension WebSocketLink {
    /// Pings at once and waits for the answer; blocks.
    ///
    /// For a link that was made with a `pingInterval` of zero and is not ticked by anybody else: its ping has been due
    /// since it was opened, and from the answer on the next one is. Messages that arrive meanwhile are dropped.
    ///
    /// - Parameters:
    ///   - deadline: when to give up, if the connection does not do so before.
    ///   - interruption: gives up when raised.
    /// - Returns: how long the answer took; `nil` when there was none.
    package mutating func ping(
        until deadline: ContinuousClock.Instant, interruption: Interruption
    ) throws(SessionFailure) -> Duration? {
        let sent = ContinuousClock.now
        tick(now: sent)
        let due = self.deadline
        while !interruption.isRaised {
            try flush()
            let now = ContinuousClock.now
            switch try receive(now: now, onMessage: { _, _ in true }) {
            case .ended: return nil
            case .more: continue
            case .drained: break
            }
            if self.deadline != due { return now - sent }
            guard now < deadline else { return nil }
            wait(until: deadline)
        }
        return nil
    }
}
