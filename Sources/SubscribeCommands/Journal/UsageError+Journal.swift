import Journal

extension UsageError {
    /// What a command cannot do with a journal.
    init(_ error: JournalError) {
        switch error.kind {
        case .damaged:
            self.init("\(error); kazoo-subscribe run sets it aside, and keeps what can be read of it", exitCode: 65)
        case .locked: self.init("\(error)", exitCode: 75)
        default: self.init("\(error)", exitCode: 74)
        }
    }
}
