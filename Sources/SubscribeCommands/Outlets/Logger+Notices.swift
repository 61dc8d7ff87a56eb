import Consumers
import Events
import Logging
import Subscriber
import Threads

/// What consumers tell, in the log; the name of the consumer is in the logger's metadata.
extension Logger {
    func report(_ notice: DeliveryNotice) {
        switch notice {
        case .failing(let failure, let pause):
            warning("\(failure); it is tried again in \(pause.formattedSeconds) s")
        case .circuitOpened(let failure, let failures):
            warning("\(failure); after \(failures) failures in a row it is tried at a slow pace")
        case .recovered(let failures, let duration):
            self.notice("it works again, after \(failures) failures in \(duration.formattedSeconds) s")
        case .gaveUp(let failure, let events, let attempts):
            warning("\(failure); \(events) events are given up after \(attempts) attempts")
        case .stopped(let failure): error("\(failure); it is stopped")
        case .closeFailed(let failure): warning("\(failure), while it was closed")
        case .notDelivered(let events): warning("\(events) events were not delivered")
        }
    }

    func report(_ notice: EventRunnerNotice) {
        switch notice {
        case .retrying(let sequence, let attempt, let failure, let pause):
            info("event \(sequence), attempt \(attempt): \(failure); it is tried again in \(pause.formattedSeconds) s")
        case .buried(let sequence, let attempts, let failure):
            warning("event \(sequence) is among the dead letters after \(attempts) attempts: \(failure)")
        case .lost(let sequence, let attempts, let failure):
            error("event \(sequence) is not delivered, after \(attempts) attempts: \(failure)")
        case .letterRefused(let sequence, let failure, let pause):
            error("event \(sequence) cannot be kept: \(failure); it is tried again in \(pause.formattedSeconds) s")
        case .suspended(let failures, let failure, let pause):
            warning(
                "\(failures) failures in a row: \(failure); one event at a time is tried, the next in \(pause.formattedSeconds) s"
            )
        case .resumed: self.notice("deliveries succeed again")
        case .unfinished(let events): warning("\(events) events were not delivered")
        }
    }

    func report(_ notice: HookNotice) {
        switch notice {
        case .said(let line): self.notice("\(line)")
        case .unsaid(let lines): self.notice("\(lines) lines more are left out")
        case .started: info("the hook is started")
        case .ended(let how, let pause): warning("\(how); it is started again in \(pause.formattedSeconds) s")
        }
    }

    func report(_ notice: StandardOutput.Notice) {
        switch notice {
        case .dropping(let total):
            warning("the reader of standard output is too slow: \(total) events dropped so far, the oldest first")
        case .dropped(let loss):
            // The warnings come less often: a reader that stays too slow loses something between any two lines.
            info(
                "\(loss.events) events were dropped, because the reader of standard output was too slow",
                metadata: .facts(of: loss))
        case .ended(.readerGone): debug("the reader of standard output is gone")
        case .ended(.failed(let words)): error("standard output: \(words)")
        }
    }

    /// Says at the end of standard output what its reader has not taken; one that is gone wanted no more.
    func reportEnd(of output: StandardOutput) {
        let counts = output.counts
        guard counts.dropped > 0, output.ending == nil else { return }
        warning(
            "\(counts.dropped) of \(counts.received) events were dropped: the reader of standard output did not take them"
        )
    }
}

extension Logger.Metadata {
    /// From when to when events were dropped.
    static func facts(of loss: Loss) -> Self {
        facts([
            .from: loss.from.description, .to: loss.to.description, .reason: Gap.Reason.dropped.description,
        ])
    }
}
