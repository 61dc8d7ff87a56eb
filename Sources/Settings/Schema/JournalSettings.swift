/// The section `journal`: where events are kept, and how many.
public struct JournalSettings: Equatable, Sendable, SectionReadable {
    /// The database.
    public var path: Located<String>
    /// For how long; `nil` for ever.
    public var retention: Duration?
    /// How large the database may become, in bytes; `nil` for as large as the disk.
    public var sizeLimit: Int?

    /// Reads the keys.
    public init?(from section: inout Section) {
        let path = section.required("path", .located(.path))
        retention = section.optional("retain", .duration(.seconds(60)...Quantity.longest))
        sizeLimit = section.optional("max_size", .size(1_000_000...Int.max))
        guard let path else { return nil }
        self.path = path
    }
}
