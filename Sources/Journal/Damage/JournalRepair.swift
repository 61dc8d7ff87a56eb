/// How a damaged journal was replaced.
public struct JournalRepair: Equatable, Sendable {
    /// What was wrong with it.
    public var damage: JournalError
    /// Where the damaged file is now; `nil` when it had been deleted by somebody.
    public var setAside: String?
    /// How many events the new journal has from it.
    public var events: Int
}
