/// What becomes of a lane whose connection could not be made, or is over.
extension SessionMachine {
    mutating func failed(
        at index: Int, _ failure: SessionFailure, wasReady laneWasReady: Bool = false, now: ContinuousClock.Instant
    ) -> [Action] {
        let others = lanes.enumerated().filter { $0.offset != index && $0.element.link != nil }.map(\.element)
        if failure.kind == .crowded, others.contains(where: { $0.share != lanes[index].share }),
            !others.contains(where: { $0.share == lanes[index].share })
        {
            crowdedAt = now
            return dissolve(at: index)
        }
        lanes[index].tries = laneWasReady ? 0 : lanes[index].tries + 1
        lanes[index].urlIndex = nextURL(after: lanes[index].urlIndex, at: index)
        let triedAll = lanes[index].tries >= urlCount
        let isFinal = failure.kind.isFinal && (triedAll || !failure.isOfOneURL)
        let isCovered = others.contains { $0.share == lanes[index].share && $0.isReady }
        if wasReady {
            if policy.endsAfterLoss, !isCovered { return end(failure) }
        } else if policy.endsBeforeFirstReady {
            // The first readiness is worth a try of every URL; what is refused for good will be refused there too.
            guard triedAll || isFinal else { return [] }
            if others.isEmpty { return end(failure) }
        }
        lanes[index].failures += 1
        let until = now + delay(after: failure, failures: lanes[index].failures, isFinal: isFinal)
        lanes[index].restsUntil = until
        // A refused share is settled, too: the others need not wait for it.
        return [.rest(until: until)] + tellWhenReady()
    }

    /// The server allows no connection for a lane: its share goes to the others.
    mutating func dissolve(at index: Int) -> [Action] {
        let share = lanes[index].share
        lanes.removeAll { $0.share == share }
        return follow(plan.dissolve(share)) + tellWhenReady()
    }

    /// The URL after one that failed; one that another connection of the same share uses only when there is no other.
    func nextURL(after current: Int, at index: Int) -> Int {
        let taken = Set(
            lanes.enumerated().filter { $0.offset != index && $0.element.share == lanes[index].share }
                .compactMap { $0.element.link?.urlIndex })
        let candidates = (1...urlCount).map { (current + $0) % urlCount }
        return candidates.first { !taken.contains($0) } ?? candidates[0]
    }

    mutating func delay(after failure: SessionFailure, failures: Int, isFinal: Bool? = nil) -> Duration {
        let delay = policy.backoff.delay(failures: failures, using: &generator)
        if isFinal ?? failure.kind.isFinal { return max(delay, policy.finalPause) }
        if failure.kind.asksForPatience {
            return max(delay, policy.throttledPause * Double.random(in: 1...2, using: &generator))
        }
        return delay
    }

    mutating func end(_ failure: SessionFailure) -> [Action] {
        isOver = true
        return [.end(.failed(failure))]
    }
}
