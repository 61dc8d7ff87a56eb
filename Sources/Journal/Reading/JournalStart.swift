public import Events

/// Where a consumer begins that the journal does not know yet.
public enum JournalStart: Equatable, Sendable {
    /// With what comes from now on.
    case now
    /// With the oldest event that is there.
    case beginning
    /// With the first event that was received at this moment or later.
    case time(Timestamp)
}
