public import Events
import Synchronization
import Threads

/// A durable log of events: what was committed is never lost, and every consumer gets it from where it is not done.
///
/// Whoever appends never waits: a thread of the journal's own writes what has gathered, tries again for as long as the disk
/// refuses, and wakes the readers after each commit. Numbers are the journal's own and go on for ever; an event whose id
/// is there already is not added again.
public final class Journal: Sendable {
    /// What has been counted since the journal was opened.
    public struct Counts: Equatable, Sendable {
        /// Lines that were committed.
        public var appended = 0
        /// Events that were not added, because they were there.
        public var duplicates = 0
        /// Events that were dropped because memory was full.
        public var dropped = 0
        /// Transactions that were committed.
        public var commits = 0
        /// Events that retention has removed.
        public var removed = 0
        /// How much memory events hold that are not committed, in bytes.
        public var waitingMemory = 0
        /// Whether the disk does not take events at the moment.
        public var isSuspended = false
    }

    /// How the journal is kept.
    public let settings: JournalConfiguration
    let inbox: WriterInbox
    let signal = CommitSignal()
    let archive: EventArchive
    let notify: @Sendable (JournalNotice) -> Void
    private let readingThread = ReadingThread()
    private let counted = Mutex(Counts())
    private let files = Atomic<Int>(0)
    private let closed = Atomic<Bool>(false)

    private init(_ settings: JournalConfiguration, notify: @escaping @Sendable (JournalNotice) -> Void) {
        self.settings = settings
        self.notify = notify
        inbox = WriterInbox(settings)
        archive = EventArchive(path: settings.path, thread: readingThread)
    }

    /// Opens a journal, or creates it where there is none. Whoever opens it closes it: it has threads of its own.
    ///
    /// One that is damaged is repaired while this returns already: what is appended meanwhile waits in memory.
    ///
    /// - Parameter notify: told what happens, from the journal's threads; must not block.
    /// - Throws: why it cannot be used: another process writes it, a later version made it, the file cannot be written.
    public static func open(
        _ settings: JournalConfiguration, notify: @escaping @Sendable (JournalNotice) -> Void
    ) async throws(JournalError) -> Journal {
        let journal = Journal(settings, notify: notify)
        let opened = await withCheckedContinuation { continuation in
            BlockingThread.start("journal") { JournalWriter.run(for: journal) { continuation.resume(returning: $0) } }
        }
        try opened.get()
        return journal
    }

    // MARK: In

    /// Adds events. Never blocks: what there is no room for is dropped, counted, and recorded as a gap.
    ///
    /// - Parameter batch: lines with the moments and connections that they have; their numbers do not matter.
    public func append(_ batch: EventBatch) { inbox.append(batch) }

    /// Records that events are missing, or may be, behind those that were appended; a line tells consumers of it, too.
    public func record(_ gap: JournalGap) { inbox.append(gap) }

    /// Waits until everything is committed that was appended before.
    ///
    /// - Throws: why the disk does not take it; it is tried again all the same.
    public func flush() async throws(JournalError) {
        try await perform(isOrdered: true) { _ throws(JournalError) in }
    }

    /// Commits what was appended, and lets go of the file. Readers give nothing more.
    ///
    /// - Parameter grace: how long to try, if the disk does not take it. What is left is told as lost.
    public func close(within grace: Duration = .seconds(5)) async {
        closed.store(true, ordering: .releasing)
        signal.wake()
        // The writer's connection is the last: it moves the log into the database.
        await archive.close()
        inbox.close(by: .now + grace)
        await withCheckedContinuation { continuation in
            ended.withLock { state -> CheckedContinuation<Void, Never>? in
                if state.isEnded { return continuation }
                state.waiters.append(continuation)
                return nil
            }?.resume()
        }
        readingThread.end()
    }

    /// Whether ``close(within:)`` has been called.
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    // MARK: Out

    /// What a consumer reads.
    ///
    /// - Parameters:
    ///   - consumer: its name. One reader at a time has it.
    ///   - start: where it begins when the journal does not know it.
    ///   - select: the lines that it wants, in their order with their numbers; called from any thread, one call at a time.
    ///     Lines that tell of gaps are among those that it is asked about.
    public func reader(
        _ consumer: String, from start: JournalStart,
        select: @escaping @Sendable (EventBatch) -> EventBatch = { $0 }
    ) async throws(JournalError) -> JournalReader {
        let ledger = try await perform(isOrdered: true) { store throws(JournalError) in
            let position = try store.cursor(of: consumer, from: start, now: .now)
            return CursorLedger(position: position, buried: try store.buried(by: consumer, after: position))
        }
        return JournalReader(consumer, of: self, ledger: ledger, select: select)
    }

    /// Gives a consumer a place that the journal does not know yet; who has one keeps it.
    public func enrol(_ consumer: String, from start: JournalStart) async throws(JournalError) {
        try await perform { store throws(JournalError) in
            if try !store.consumers().contains(consumer) { _ = try store.cursor(of: consumer, from: start, now: .now) }
        }
    }

    /// The consumers that have a place.
    public func consumers() async throws(JournalError) -> [String] {
        try await perform { store throws(JournalError) in try store.consumers() }
    }

    /// Forgets a consumer that is no more: what it has not read holds retention back no longer.
    public func forget(_ consumer: String) async throws(JournalError) {
        try await perform { store throws(JournalError) in try store.forget(consumer) }
    }

    /// The number of the last line that was committed.
    public var lastSequence: UInt64 { signal.last }

    /// What has been counted since the journal was opened.
    public var counts: Counts {
        let load = inbox.load
        return counted.withLock { counts in
            var counts = counts
            (counts.dropped, counts.waitingMemory) = load
            return counts
        }
    }

    // MARK: For readers

    func move(_ consumer: String, to position: UInt64) { inbox.move(consumer, to: position) }

    func keep(_ letter: JournalLetter, movingCursorTo position: UInt64) async throws(JournalError) {
        try await perform { store throws(JournalError) in
            try store.keep(letter)
            try store.move(letter.consumer, to: position, now: .now)
        }
    }

    /// Tells that a reader has failed, and waits before it may try again.
    ///
    /// - Parameter generation: which file it was that could not be read.
    func readingFailed(_ error: JournalError, generation: Int) async {
        if error.kind == .damaged {
            await repair(error, generation: generation)
            if self.generation != generation { return }
        }
        guard !isClosed, !Task.isCancelled else { return }
        notify(.readingFailed(error))
        do {
            try await Task.sleep(for: .seconds(1))
        } catch {
            // Cancelled: the reader ends.
        }
    }

    /// Lets the writer look at damage that a reader has found; returns when it has.
    private func repair(_ damage: JournalError, generation: Int) async {
        do throws(JournalError) {
            try await perform { [self] _ throws(JournalError) in
                // Another reader may have found the same, and it is mended.
                if self.generation == generation { throw damage }
            }
        } catch {
            // The writer tells what it cannot mend.
        }
    }

    // MARK: For the writer

    /// Which of the files that stood at the path one after the other is in use.
    var generation: Int { files.load(ordering: .acquiring) }

    /// Another file stands at the path.
    func fileWasReplaced() { files.add(1, ordering: .acquiringAndReleasing) }

    func count(_ change: (inout Counts) -> Void) { counted.withLock { change(&$0) } }

    /// The writer's thread has let go of the file.
    func writerEnded() {
        let waiters = ended.withLock { state in
            state.isEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private struct End {
        var isEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let ended = Mutex(End())

    /// Does something in the writer's next transaction, and waits until it is committed.
    ///
    /// - Parameter isOrdered: whether it is done when everything is written that was appended before.
    private func perform<Value: Sendable>(
        isOrdered: Bool = false, _ body: @escaping @Sendable (JournalStore) throws(JournalError) -> Value
    ) async throws(JournalError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, JournalError>, Never>) in
            inbox.post(
                WriterRequest { store throws(JournalError) in
                    let value = try body(store)
                    return { continuation.resume(returning: .success(value)) }
                } fail: { [settings] error in
                    let error = error ?? JournalError(.closed, path: settings.path, "it has been closed")
                    continuation.resume(returning: .failure(error))
                }, isOrdered: isOrdered)
        }
        return try result.get()
    }
}
