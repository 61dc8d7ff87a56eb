import Events
import Journal
import Logging
import Threads

extension Logger {
    /// What the journal tells.
    func report(_ notice: JournalNotice) {
        switch notice {
        case .suspended(let failure): error("\(failure); events wait in memory, and it is tried again")
        case .resumed(let duration):
            self.notice("the journal takes events again, after \(duration.formattedSeconds) s")
        case .dropped(let gap):
            error(
                "\(gap.events ?? 0) events were dropped: the journal could not take them in time, and its queue was full",
                metadata: .facts([.from: gap.from.description, .to: gap.to.description, .reason: gap.reason]))
        case .gaveUp(let gap):
            warning(
                "the journal has reached its size: \(gap.events ?? 0) events are given up that were not delivered",
                metadata: .facts([
                    .consumer: gap.consumer, .from: gap.from.description, .to: gap.to.description, .reason: gap.reason,
                ]))
        case .readingFailed(let failure): error("\(failure); it is tried again")
        case .repairing(let damage):
            error("\(damage): what can be read of it is copied to a new one; events wait in memory")
        case .repaired(let repair):
            let place = repair.setAside.map { "in \($0)" } ?? "gone"
            error("a new journal has \(repair.events) events of the old one, and what that was is \(place)")
        case .logHeldBack(let bytes):
            warning("another program has been reading the journal for long: its log has grown to \(bytes >> 20) MiB")
        case .upkeepFailed(let failure): warning("\(failure), while the journal was looked after; it is tried again")
        case .lost(let events): error("\(events) events could not be written to the journal, and are lost")
        }
    }
}
