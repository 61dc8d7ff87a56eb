public import Events
import Glibc

/// Appends events to a file, one a line, and begins a new file when it is time to.
///
/// What is in the file are whole lines, each once: an attempt that the disk cuts short is taken back before it is
/// repeated, the torn line of a crash is repaired before anything is appended, and no line is split between two files.
/// Files are begun anew by size, by time and on ``reopen()``, or when somebody has moved or deleted the file.
///
/// Everything that blocks runs on a thread of its own; old files are compressed on another.
public struct FileConsumer: BatchConsumer {
    /// How often the file is looked after while nothing comes: is it still there, is its time over, is it on the disk?
    static let interval: Duration = .seconds(1)

    /// How a runner is to treat it: a full disk and a vanished directory come back, so nothing is ever given up, and the
    /// pauses are short enough that it works again within ten seconds.
    public static let policy = DeliveryPolicy(retry: Retry(backoff: .milliseconds(200) ... .seconds(10)))

    /// When ``tick(now:)`` is due.
    public private(set) var deadline: ContinuousClock.Instant?
    private let writer: FileWriter

    /// Creates the consumer; the file is opened by the first ``tick(now:)`` or ``deliver(_:)``.
    ///
    /// - Parameters:
    ///   - now: when the first tick is due.
    ///   - calendar: the time of day, for names and for rotation.
    ///   - notify: told what happens, on threads of the consumer; must not block.
    public init(
        _ settings: Settings, now: ContinuousClock.Instant = .now,
        calendar: @escaping @Sendable () -> Timestamp = { .now },
        notify: @escaping @Sendable (Notice) -> Void
    ) {
        deadline = now
        writer = FileWriter(settings, calendar: calendar, notify: notify)
    }

    /// Appends the lines, and makes them reach the disk where the settings say `always`.
    public mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
        try await writer.append(batch)
    }

    /// Opens the file if it is not open, begins a new one if it is time, and makes what was written reach the disk.
    public mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure) {
        deadline = now + Self.interval
        try await writer.tick()
    }

    /// Opens the path anew, for whoever has moved the file away.
    public mutating func reopen() async throws(ConsumerFailure) {
        try await writer.reopen()
    }

    /// Makes what was written reach the disk, and ends the threads. A compression under way is left for the next start.
    public mutating func close() async throws(ConsumerFailure) {
        deadline = nil
        try await writer.close()
    }
}
