import Journal

/// The dead letters of one consumer that the journal keeps.
public struct JournalDeadLetters: DeadLetterBox {
    /// The journal's file.
    public let path: String
    /// The name of the consumer.
    public let consumer: String

    /// The boxes of all consumers that have letters in a journal, in the order of their names; none where there is no
    /// journal yet.
    public static func all(in journal: String) throws -> [JournalDeadLetters] {
        do throws(JournalError) {
            return try JournalBrowser(path: journal).consumersWithLetters().map {
                JournalDeadLetters(path: journal, consumer: $0)
            }
        } catch {
            guard error.kind == .missing else { throw error }
            return []
        }
    }

    /// Reads the letters, the oldest first, one after the other.
    ///
    /// - Parameter body: gets each letter; returns whether to go on.
    /// - Returns: 0: whatever the journal keeps is a letter.
    @discardableResult
    public func read(_ body: (DeadLetter) throws -> Bool) throws -> Int {
        try JournalBrowser(path: path).forEachLetter(of: consumer) { try body(DeadLetter($0)) }
        return 0
    }

    /// Takes letters out; their events are not delivered again.
    ///
    /// - Parameter ids: the letters.
    /// - Returns: those that were there.
    public func takeOut(_ ids: Set<String>) throws -> Set<String> {
        try JournalEditor(path: path).takeOut(letters: ids, of: consumer)
    }
}
