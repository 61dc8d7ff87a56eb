/// How a journal was replaced that could not be used any more.
public struct JournalRepair: Equatable, Sendable {
    /// What was wrong with it.
    public var damage: JournalError
    /// Where the file is now that stood at the path; `nil` when there was none.
    public var setAside: String?
    /// How many events the new journal has from it.
    public var events: Int
}
