/// Something that is done in the next transaction for somebody who waits until it is committed.
struct WriterRequest: Sendable {
    /// Does it, within the transaction.
    ///
    /// - Returns: what is called after the commit.
    let perform: @Sendable (JournalStore) throws(JournalError) -> @Sendable () -> Void
    /// It is not done: the commit has failed, or, with `nil`, the journal is closed.
    let fail: @Sendable (JournalError?) -> Void
}
