public import Events

extension FileConsumer {
    /// What is written where, and when a new file is begun.
    public struct Settings: Equatable, Sendable {
        /// When what was written is made to reach the disk.
        public enum Synchronization: Equatable, Sendable {
            /// When the system likes to.
            case never
            /// Within a second.
            case interval
            /// Before the events are forgotten.
            case always
        }

        /// The file; what `strftime(3)` knows may stand in it, and is filled in with local time. Directories are only
        /// created where such a conversion names them.
        public var path: String
        /// In which form events are written.
        public var output: OutputFormat
        /// The name of the Kazoo server, for CloudEvents.
        public var host: String
        /// When a new file is begun, and what becomes of the old ones.
        public var rotation: Rotation
        /// When what was written is made to reach the disk.
        public var synchronization: Synchronization
        /// The permissions of a new file, whatever the umask is.
        public var mode: UInt32
        /// To whom a new file belongs, `USER` or `USER:GROUP`, names or numbers; only root can give files away.
        public var owner: String?

        /// Creates settings.
        public init(
            path: String, output: OutputFormat = .raw, host: String = "", rotation: Rotation = Rotation(),
            synchronization: Synchronization = .interval, mode: UInt32 = 0o640, owner: String? = nil
        ) {
            self.path = path
            self.output = output
            self.host = host
            self.rotation = rotation
            self.synchronization = synchronization
            self.mode = mode
            self.owner = owner
        }
    }

    /// When a new file is begun, and what becomes of the old ones.
    public struct Rotation: Equatable, Sendable {
        /// How large a file becomes, in bytes; only one longer line makes it larger. `nil` for any size.
        public var size: Int?
        /// A new file is begun whenever local time passes a multiple of this, so `1d` means at midnight; at least a
        /// second. `nil` for never.
        public var interval: Duration?
        /// How many old files stay in the directory; `nil` for all.
        public var keep: Int?
        /// Whether old files are compressed, in the background.
        public var compresses: Bool

        /// Creates settings; by default no new file is ever begun.
        public init(size: Int? = nil, interval: Duration? = nil, keep: Int? = nil, compresses: Bool = false) {
            self.size = size
            self.interval = interval
            self.keep = keep
            self.compresses = compresses
        }
    }
}
