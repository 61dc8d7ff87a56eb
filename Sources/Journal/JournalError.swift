/// What could not be done with a journal, and why.
public struct JournalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is. Open to growth: compare with the static members.
    public struct Kind: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The file is no database, or one that is broken: ``Journal`` sets it aside and saves what can be read.
        public static let damaged = Self("damaged")
        /// The disk is full.
        public static let full = Self("full")
        /// The file, its directory or the file system may only be read.
        public static let readOnly = Self("read only")
        /// Another process holds the journal.
        public static let locked = Self("locked")
        /// A later version of the program made the journal.
        public static let newer = Self("newer")
        /// There is no journal.
        public static let missing = Self("missing")
        /// The file cannot be opened or created.
        public static let unavailable = Self("unavailable")
        /// The disk failed to read or write.
        public static let inputOutput = Self("input/output")
        /// The file is no longer at its path: somebody deleted or moved it.
        public static let moved = Self("moved")
        /// Whoever asked has changed his mind.
        public static let interrupted = Self("interrupted")
        /// The journal has been closed.
        public static let closed = Self("closed")
        /// Anything else; a fault of the program.
        public static let unexpected = Self("unexpected")
    }

    /// What kind of trouble it is.
    public var kind: Kind
    /// The journal's file.
    public var path: String
    /// What happened, in SQLite's or the system's words.
    public var reason: String

    /// Creates an error.
    init(_ kind: Kind, path: String, _ reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    /// The path, what happened, and what to do.
    public var description: String {
        guard let advice else { return "journal \(path): \(reason)" }
        return "journal \(path): \(reason); \(advice)"
    }

    /// What whoever runs the program can do.
    private var advice: String? {
        switch kind {
        case .full: "make room on the disk, or set journal.max_size lower"
        case .readOnly: "the user that runs the program must be allowed to write the file and its directory"
        case .locked: "end the other program, or give this one a journal.path of its own"
        case .newer: "install that version, or move the file away to begin a new journal"
        case .missing: "kazoo-subscribe run makes it, where its config file has the section journal"
        case .unavailable: "the directory must exist, and the user that runs the program must be allowed to write to it"
        case .inputOutput: "look for errors of the disk in the system's log"
        default: nil
        }
    }
}
