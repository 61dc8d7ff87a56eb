import Events
import Journal
import Settings

extension JournalConfiguration {
    /// What a config file says; `nil` where it says nothing of a journal.
    init?(of settings: Settings) {
        guard let journal = settings.journal else { return nil }
        self.init(
            path: journal.path.value,
            synchronization: journal.synchronization == .commit ? .commit : .interval(.seconds(1)),
            bufferLimit: journal.queueSize,
            retention: Retention(age: journal.retention, size: journal.sizeLimit, count: journal.countLimit))
    }
}

extension JournalStart {
    /// What a config file says.
    init(_ beginning: JournalBeginning) {
        switch beginning {
        case .now: self = .now
        case .beginning: self = .beginning
        case .time(let time): self = .time(time)
        }
    }
}
