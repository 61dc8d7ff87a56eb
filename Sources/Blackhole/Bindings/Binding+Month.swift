extension Binding {
    /// The types of documents that live in an account's own database, month after month.
    ///
    /// All others are taken to live in the month's database: Kazoo 4.x knows `fax`, `mailbox_message` and
    /// `call_recording` there (`DOC_MODB_TYPES` in `doc_types.hrl`), and Kazoo 5 may be told of more
    /// (`extra_doc_modb_types` in `bh_object.erl`).
    private static let lastingTypes: Set<Substring> = [
        "account", "callflow", "device", "faxbox", "media", "user", "vmbox",
    ]

    /// Whether Kazoo binds it, or a part of it, to the database of the month in which it is subscribed to, so that it
    /// falls silent when the month turns (`bh_object.erl` and `bh_fax.erl`: `kazoo_modb:get_modb/1`).
    public var isBoundToMonth: Bool {
        let words = description.split(separator: ".", omittingEmptySubsequences: false)
        switch words.first {
        case "object": return words.count == 3 && !Self.lastingTypes.contains(words[2])
        case "fax": return words.count > 1 && words[1] == "object"
        default: return false
        }
    }
}
