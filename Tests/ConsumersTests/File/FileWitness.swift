import Consumers
import Events
import Synchronization

/// What a file consumer tells, and the time of day that it is told.
final class FileWitness: Sendable {
    private let notices = Mutex<[FileConsumer.Notice]>([])
    private let time = Mutex(Timestamp("2026-11-21T07:42:14.123456Z") ?? Timestamp(microseconds: 0))

    var all: [FileConsumer.Notice] { notices.withLock { $0 } }

    /// Moves the time of day.
    func wait(seconds: Int64) { time.withLock { $0.microseconds += seconds * 1_000_000 } }

    func consumer(_ settings: FileConsumer.Settings) -> FileConsumer {
        FileConsumer(settings, calendar: { self.time.withLock { $0 } }) { notice in
            self.notices.withLock { $0.append(notice) }
        }
    }
}
