extension Binding {
    /// Whether Kazoo serves it by one listener, so that any of its events shows that all of them can come.
    ///
    /// `call.*.*` stands for nine hooks in 4.x, `object.*.*` for the account's database and the month's (`bh_call.erl`,
    /// `bh_object.erl`); each of them can be lost while the others live. Nothing is known of families that are not listed.
    public var isOneListener: Bool {
        let words = description.split(separator: ".", omittingEmptySubsequences: false)
        switch family {
        case .known("call"): return words.count > 1 && words[1] != "*"
        case .known("object"): return words.count > 2 && words[2] != "*"
        case .known: return true
        case .other: return false
        }
    }
}
