/// Something that a journal tells whoever runs the program.
public enum JournalNotice: Equatable, Sendable {
    /// The disk does not take events; they gather in memory, and it is tried again and again.
    case suspended(JournalError)
    /// The disk takes events again.
    case resumed(after: Duration)
    /// Events were dropped because memory was full while the disk did not take them; the gap is in the journal.
    case dropped(JournalGap)
    /// The journal could not hold more within its size, and has given up events that a consumer had not read.
    case gaveUp(JournalGap)
    /// Reading for consumers has failed; it is tried again.
    case readingFailed(JournalError)
    /// The journal is damaged, or gone: a new one is made, which takes some seconds for each gigabyte. What comes
    /// meanwhile waits in memory.
    case repairing(JournalError)
    /// The journal was damaged: it was set aside, and a new one has what could be read of it.
    case repaired(JournalRepair)
    /// Another program has been reading for long, so that the write-ahead log grows; its size in bytes.
    case logHeldBack(bytes: Int)
    /// Old events could not be removed, or what was committed could not be brought to the disk; it is tried again.
    case upkeepFailed(JournalError)
    /// The program ends, and so many events could not be written.
    case lost(events: Int)
}
