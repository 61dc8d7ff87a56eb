public import Events

/// The section `journal`: where events are kept, how long, and when they are safe.
public struct JournalSettings: Equatable, Sendable, SectionReadable {
    /// When what was committed reaches the disk.
    public enum Synchronization: String, CaseIterable, Sendable {
        /// With each commit: a power failure loses nothing that was committed.
        case commit
        /// Every second: a power failure may lose as much; a crash of the program loses nothing.
        case interval
    }

    /// The database.
    public var path: Located<String>
    /// For how long; `nil` for ever.
    public var retention: Duration?
    /// How large the database may become, in bytes; `nil` for as large as the disk.
    public var sizeLimit: Int?
    /// How many events are kept; `nil` for any number.
    public var countLimit: Int?
    /// When what was committed reaches the disk.
    public var synchronization: Synchronization
    /// How much may wait in memory while the disk is slower than events come, in bytes.
    public var queueSize: Int

    /// Reads the keys.
    public init?(from section: inout Section) {
        let path = section.required("path", .located(.path))
        retention = section.optional("retain", .duration(.seconds(60)...Quantity.longest))
        sizeLimit = section.optional("max_size", .size(1_000_000...Int.max))
        countLimit = section.optional("max_events", .integer(1...Int.max))
        synchronization = section.value("fsync", .choice, default: "commit")
        queueSize = section.value("queue", .queueSize, default: "64MiB")
        guard let path else { return nil }
        self.path = path
    }
}

/// Where a consumer begins that the journal does not know yet: the key `from`.
public enum JournalBeginning: Equatable, Sendable {
    /// With what comes from now on.
    case now
    /// With the oldest event that is kept.
    case beginning
    /// With the first event that was received at this moment or later.
    case time(Timestamp)
}

extension Reading<JournalBeginning> {
    static var beginning: Self {
        scalar(expecting: "now, beginning or a time") { text throws(Mismatch) in
            switch text {
            case "now": return .now
            case "beginning": return .beginning
            default:
                guard let time = Timestamp(text) else {
                    throw Mismatch(
                        "\(Quotation.of(text)) is neither now nor beginning nor a time; write one as 2026-11-21T10:00:00Z"
                    )
                }
                return .time(time)
            }
        }
    }
}
