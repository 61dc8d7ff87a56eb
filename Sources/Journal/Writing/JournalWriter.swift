import CMalloc
import Events

/// The journal's own thread: commits what has gathered, and looks after the file in between.
///
/// Everything that touches the database to change it happens here, one thing after the other.
final class JournalWriter {
    private typealias Instant = ContinuousClock.Instant

    private let journal: Journal
    private var store: JournalStore?
    private var upkeep: Upkeep
    private var relief = MemoryRelief()
    /// Since when the disk does not take events.
    private var suspendedSince: Instant?
    private var lock: JournalLock?
    private var hasUpkeepFailed = false
    private var lastRepair: Instant?
    /// Where consumers stood, and the last number, when the journal was last seen whole.
    private var positions: [String: UInt64] = [:]
    private var lastSequence: UInt64 = 0

    private init(_ journal: Journal, _ store: JournalStore, _ lock: consuming JournalLock) {
        self.lock = consume lock
        self.journal = journal
        self.store = store
        upkeep = Upkeep(journal.settings, now: .now)
    }

    private init(_ journal: Journal, toRepair damage: JournalError, _ lock: consuming JournalLock) {
        self.lock = consume lock
        self.journal = journal
        upkeep = Upkeep(journal.settings, now: .now)
        recover(from: damage)
    }

    /// Opens the journal, tells whether that has succeeded, and works until the journal is closed.
    static func run(for journal: Journal, opened: (Result<Void, JournalError>) -> Void) {
        defer { journal.writerEnded() }
        let writer: JournalWriter
        do throws(JournalError) {
            let lock = try JournalLock(journal.settings.path)
            do throws(JournalError) {
                writer = JournalWriter(journal, try open(journal.settings), lock)
                journal.signal.publish(writer.store?.lastSequence ?? 0)
                opened(.success(()))
            } catch let damage where damage.kind == .damaged {
                // It may take a while: nobody waits for it.
                opened(.success(()))
                writer = JournalWriter(journal, toRepair: damage, lock)
            }
        } catch {
            return opened(.failure(error))
        }
        writer.work()
        writer.end()
    }

    private static func open(_ settings: JournalConfiguration) throws(JournalError) -> JournalStore {
        try JournalStore(
            Database.writing(settings.path, synchronizesCommits: settings.synchronization == .commit))
    }

    private func work() {
        while true {
            switch journal.inbox.next(wakeAt: upkeep.due) {
            case .commit(let work):
                commit(work)
                if relief.isDue(memory: journal.inbox.load.memory) { malloc_trim(0) }
            case .sleep(let deadline): journal.inbox.sleep(until: deadline)
            case .end: return
            }
            lookAfterFile()
        }
    }

    /// The lock goes last: nobody else may write before.
    private func end() {
        store = nil
        lock = nil
    }

    // MARK: Commits

    /// Commits, and tries again until the disk takes it or the time is up.
    private func commit(_ work: WriterInbox.Work) {
        var work = work
        var pause: Duration = .milliseconds(100)
        while true {
            do throws(JournalError) {
                try write(work)
                journal.inbox.release(work.group)
                resume()
                return
            } catch {
                if recover(from: error) { continue }
                // Whoever waits decides for himself whether to try again.
                for request in work.requests { request.fail(error) }
                work.requests = []
                suspend(error)
                guard sleep(pause, failingRequestsWith: error) else { return giveUp(work) }
                pause = min(pause * 2, .seconds(2))
            }
        }
    }

    private func write(_ work: WriterInbox.Work) throws(JournalError) {
        let store = try openStore()
        if store.database.isMoved { throw JournalError(.moved, path: journal.settings.path, "it is gone") }
        var outcome = JournalStore.Outcome()
        var completions: [@Sendable () -> Void] = []
        try store.transaction { () throws(JournalError) in
            for entry in work.group.entries {
                switch entry {
                case .events(let batch): try store.append(batch, counting: &outcome)
                case .gap(let gap): try store.append(gap, counting: &outcome)
                }
            }
            let now = Timestamp.now
            for (consumer, position) in work.cursors { try store.move(consumer, to: position, now: now) }
            for request in work.requests { completions.append(try request.perform(store)) }
        }
        upkeep.committed(lines: outcome.appended)
        journal.count {
            $0.appended += outcome.appended
            $0.duplicates += outcome.duplicates
            $0.commits += 1
        }
        if outcome.appended > 0 { journal.signal.publish(store.lastSequence) }
        for completion in completions { completion() }
        for case .gap(let gap) in work.group.entries where gap.reason == JournalGap.dropped {
            journal.notify(.dropped(gap))
        }
    }

    private func openStore() throws(JournalError) -> JournalStore {
        if let store { return store }
        let store = try Self.open(journal.settings)
        self.store = store
        return store
    }

    private func suspend(_ error: JournalError) {
        guard suspendedSince == nil else { return }
        suspendedSince = .now
        journal.count { $0.isSuspended = true }
        journal.notify(.suspended(error))
    }

    private func resume() {
        guard let since = suspendedSince else { return }
        suspendedSince = nil
        journal.count { $0.isSuspended = false }
        journal.notify(.resumed(after: .now - since))
    }

    /// Sleeps, while those who ask for something hear that it cannot be done.
    ///
    /// - Returns: `false` when the journal has to be closed by now.
    private func sleep(_ pause: Duration, failingRequestsWith error: JournalError) -> Bool {
        let end = Instant.now + pause
        while true {
            for request in journal.inbox.takeRequests() { request.fail(error) }
            let closesBy = journal.inbox.closesBy
            if let closesBy, closesBy <= .now { return false }
            guard end > .now else { return true }
            journal.inbox.sleep(until: min(end, closesBy ?? end))
        }
    }

    private func giveUp(_ work: WriterInbox.Work) {
        journal.inbox.release(work.group)
        var events = 0
        for case .events(let batch) in work.group.entries { events += batch.lines.count { $0.kind != .notice } }
        if events > 0 { journal.notify(.lost(events: events)) }
    }

    // MARK: The file

    private func lookAfterFile() {
        guard let store else { return }
        do throws(JournalError) {
            for notice in try upkeep.run(store, now: .now) { journal.notify(notice) }
            hasUpkeepFailed = false
        } catch {
            if !recover(from: error) {
                upkeep.failed(now: .now)
                if !hasUpkeepFailed { journal.notify(.upkeepFailed(error)) }
                hasUpkeepFailed = true
            }
        }
        let removed = upkeep.takeRemoved()
        if removed > 0 { journal.count { $0.removed += removed } }
    }

    // MARK: Damage

    /// Replaces a journal that cannot be used any more by one that has what could be saved of it.
    ///
    /// - Returns: whether it is worth trying again at once.
    @discardableResult
    private func recover(from error: JournalError) -> Bool {
        guard error.kind == .damaged || error.kind == .moved else { return false }
        // What breaks again and again is not mended by making it anew again and again.
        let isTooSoon = lastRepair.map { $0 + Self.repairInterval > .now } ?? false
        guard error.kind == .moved || !isTooSoon else { return false }
        if suspendedSince == nil { journal.notify(.repairing(error)) }
        do throws(JournalError) {
            let workshop = Workshop(journal.settings.path)
            let repair: JournalRepair
            if error.kind == .moved, let store {
                repair = try workshop.restore(store.database, now: .now)
                self.store = nil
            } else {
                remember()
                store = nil
                repair = try workshop.repair(error, positions: positions, lastSequence: lastSequence, now: .now)
            }
            lastRepair = .now
            let store = try openStore()
            upkeep = Upkeep(journal.settings, now: .now)
            journal.fileWasReplaced()
            journal.signal.publish(store.lastSequence)
            journal.notify(.repaired(repair))
            return true
        } catch {
            suspend(error)
            return false
        }
    }

    /// Keeps what only memory knows, for as long as there is no journal.
    private func remember() {
        guard let store else { return }
        positions.merge(store.positions) { max($0, $1) }
        lastSequence = max(lastSequence, store.lastSequence)
    }

    private static let repairInterval: Duration = .seconds(60)
}
