public import Events
import Synchronization

/// What one consumer reads from a journal, in the order of the numbers, from where it is not done.
///
/// What was taken and not acknowledged comes again after the next start. Waking, reading and waiting are the reader's; what
/// is done with events is the consumer's, and what it wants is told by `select`.
public final class JournalReader: Sendable {
    private struct State {
        var ledger: CursorLedger
        /// When the oldest line was received that may not be done with.
        var oldest: [Portion] = []
        var isFinished = false
        /// Where the consumer's gaps were looked for last.
        var gapsSoughtAt: UInt64?
    }

    /// When lines up to a number were received.
    private struct Portion {
        let last: UInt64
        let receivedAt: Timestamp
    }

    /// The consumer's name.
    public let consumer: String
    private let journal: Journal
    private let select: @Sendable (EventBatch) -> EventBatch
    private let state: Mutex<State>

    init(
        _ consumer: String, of journal: Journal, ledger: CursorLedger,
        select: @escaping @Sendable (EventBatch) -> EventBatch
    ) {
        self.consumer = consumer
        self.journal = journal
        self.select = select
        state = Mutex(State(ledger: ledger))
    }

    // MARK: Reading

    /// The next lines that the consumer wants, at most `limit` bytes of what is read for them unless one line alone is
    /// longer; waits until there are some. One task at a time may wait.
    ///
    /// Where events had to be given up before the consumer had read them, a line `{"action":"gap",…}` comes first.
    ///
    /// - Returns: `nil` when the reader is finished, or the task is cancelled.
    public func next(limit: Int) async -> EventBatch? {
        while !Task.isCancelled {
            if isFinished { return nil }
            let position = state.withLock(\.ledger.readThrough)
            let generation = journal.generation
            do throws(JournalError) {
                if let lines = try await lines(after: position, limit: limit) { return lines }
            } catch {
                await journal.readingFailed(error, generation: generation)
            }
        }
        return nil
    }

    /// One step: reads on, or waits.
    ///
    /// - Returns: the lines that the consumer wants; `nil` when there are none of what was read, or nothing was.
    private func lines(after position: UInt64, limit: Int) async throws(JournalError) -> EventBatch? {
        if state.withLock({ $0.gapsSoughtAt == nil }), let notice = try await gapNotice(after: position) {
            return notice
        }
        let last = journal.lastSequence
        guard last > position else {
            await journal.signal.wait(after: position) { isFinished }
            return nil
        }
        let batch = try await journal.archive.lines(after: position, limit: limit, generation: journal.generation)
        // Numbers are without holes but where events were given up, and where nobody wanted the rest of them.
        if batch.first?.sequence != position + 1, state.withLock({ $0.gapsSoughtAt != position }),
            let notice = try await gapNotice(after: position)
        {
            return notice
        }
        return take(batch, through: batch.last?.sequence ?? last)
    }

    /// Notes what was read.
    ///
    /// - Returns: the lines that the consumer wants; `nil` when there are none.
    private func take(_ batch: EventBatch, through last: UInt64) -> EventBatch? {
        var wanted = batch.isEmpty ? batch : select(batch)
        move { state in
            wanted.keep { !state.ledger.isBuried($0.sequence) }
            state.ledger.read(wanted.map(\.sequence), through: last)
            if let first = wanted.first { state.oldest.append(Portion(last: last, receivedAt: first.receivedAt)) }
        }
        return wanted.isEmpty ? nil : wanted
    }

    /// A line that tells which events this consumer has lost; `nil` when it has lost none, or does not want to know.
    private func gapNotice(after position: UInt64) async throws(JournalError) -> EventBatch? {
        let found = try await journal.archive.gap(of: consumer, from: position, generation: journal.generation)
        state.withLock { $0.gapsSoughtAt = position }
        guard let found else { return nil }
        move { if found.sequence > $0.ledger.readThrough { $0.ledger.read([], through: found.sequence) } }
        var batch = EventBatch(receivedAt: found.gap.to, firstSequence: found.sequence)
        batch.append(notice: found.gap.notice)
        batch = select(batch)
        return batch.isEmpty ? nil : batch
    }

    // MARK: Acknowledging

    /// The consumer is done with everything up to this number: committed within ``JournalConfiguration/cursorInterval``, and
    /// never taken back.
    public func acknowledge(through sequence: UInt64) {
        move { $0.ledger.acknowledge(through: sequence) }
    }

    /// Puts an event among the dead letters, and moves the cursor past it where nothing before it is unfinished, in one
    /// transaction; returns when that is committed.
    ///
    /// After a restart the event is not handed out again, although the cursor may stand before it.
    ///
    /// - Throws: why it could not be kept; it can be tried again.
    public func bury(_ letter: JournalLetter) async throws(JournalError) {
        let position = state.withLock { $0.ledger.position(afterBurying: letter.sequence) }
        try await journal.keep(letter, movingCursorTo: position)
        state.withLock { $0.ledger.bury(letter.sequence) }
    }

    /// Moves the ledger, and lets the cursor follow.
    private func move(_ change: (inout State) -> Void) {
        let moved = state.withLock { state -> UInt64? in
            let before = state.ledger.position
            change(&state)
            let after = state.ledger.position
            guard after > before else { return nil }
            state.oldest.removeAll { $0.last <= after }
            return after
        }
        if let moved { journal.move(consumer, to: moved) }
    }

    // MARK: Ending

    /// Ends reading: ``next(limit:)`` returns `nil` from now on. What was not read stays for the next start. Closing the
    /// journal does the same.
    public func finish() {
        state.withLock { $0.isFinished = true }
        journal.signal.wake()
    }

    private var isFinished: Bool { journal.isClosed || state.withLock(\.isFinished) }

    // MARK: Lag

    /// How many lines the consumer is not done with, at most: those that it will not want are counted, too.
    public var lag: Int {
        let position = state.withLock(\.ledger.position)
        return Int(max(journal.lastSequence, position) - position)
    }

    /// When the oldest line was received that the consumer has taken and is not done with; `nil` when it has none.
    public var oldest: Timestamp? { state.withLock { $0.oldest.first?.receivedAt } }
}
