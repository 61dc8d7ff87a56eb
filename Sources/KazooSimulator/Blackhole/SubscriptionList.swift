import Events

/// What a session is subscribed to, in the order in which it came.
///
/// 4.x repeats the whole list in every reply. So its text is kept and not written anew each time, and whether an entry is
/// new is not found by going through all of them.
struct SubscriptionList: Sendable {
    /// A binding of a session: the client's key and the topics that it stands for.
    struct Entry: Hashable, Sendable {
        var clientKey: String
        var topics: [String]
    }

    private(set) var entries: [Entry] = []
    private var members: Set<Entry> = []
    /// The client's keys as a JSON array without its end.
    private var text = "["

    /// The client's keys as a JSON array.
    var json: String { text + "]" }

    func contains(_ entry: Entry) -> Bool { members.contains(entry) }

    /// Appends entries that it does not contain.
    mutating func append(_ added: [Entry]) {
        for entry in added where members.insert(entry).inserted {
            entries.append(entry)
            appendKey(of: entry)
        }
    }

    /// Removes those of the entries that it contains.
    mutating func remove(_ removed: [Entry]) {
        let gone = Set(removed.filter { members.remove($0) != nil })
        guard !gone.isEmpty else { return }
        entries.removeAll { gone.contains($0) }
        text = "["
        for entry in entries { appendKey(of: entry) }
    }

    private mutating func appendKey(of entry: Entry) {
        if text.utf8.count > 1 { text += "," }
        text += JSONString.encode(entry.clientKey)
    }
}
