/// How a journal is kept.
public struct JournalConfiguration: Equatable, Sendable {
    /// When what was committed reaches the disk. A crash of the program loses nothing of it either way.
    public enum Synchronization: Equatable, Sendable {
        /// Before the commit counts: a power failure loses nothing that a consumer has seen.
        case commit
        /// So often: a power failure may lose what was committed since.
        case interval(Duration)
    }

    /// The file. Beside it stand `-wal` and `-shm`, which SQLite makes, and `.lock`.
    public var path: String
    /// When what was committed reaches the disk.
    public var synchronization: Synchronization
    /// How long events gather before they are committed together; those that come after a pause do not wait.
    public var commitInterval: Duration
    /// How many bytes of events are committed before the interval is over, and the most that is committed at once unless
    /// one batch alone is larger.
    public var commitSize: Int
    /// How late the cursors of consumers may be committed. After a crash so much may be delivered again.
    public var cursorInterval: Duration
    /// The most memory that events may hold while the disk does not take them, in bytes. What comes on top is dropped,
    /// and recorded as a gap.
    public var bufferLimit: Int
    /// How long events are kept.
    public var retention: Retention
    /// After how many pages of 4 KiB the write-ahead log is moved into the database.
    var logThreshold = 4096

    /// Creates settings; the defaults are those of the config file.
    public init(
        path: String, synchronization: Synchronization = .commit, commitInterval: Duration = .milliseconds(25),
        commitSize: Int = 4 << 20, cursorInterval: Duration = .milliseconds(50), bufferLimit: Int = 64 << 20,
        retention: Retention = Retention()
    ) {
        precondition(commitSize > 0 && bufferLimit > 0, "nothing could ever be kept")
        self.path = path
        self.synchronization = synchronization
        self.commitInterval = commitInterval
        self.commitSize = commitSize
        self.cursorInterval = cursorInterval
        self.bufferLimit = bufferLimit
        self.retention = retention
    }
}
