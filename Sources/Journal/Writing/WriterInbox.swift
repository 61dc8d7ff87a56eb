import Events
import Synchronization
import Threads

/// What the writer's thread is to do, left there by others, who never wait for it.
final class WriterInbox: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What is committed in one transaction.
    struct Work: Sendable {
        var group = AppendBuffer.Group()
        /// How far consumers are done, by their names.
        var cursors: [String: UInt64] = [:]
        var requests: [WriterRequest] = []
    }

    /// What the writer does next.
    enum Task: Sendable {
        case commit(Work)
        /// Nothing until then, or until something comes.
        case sleep(until: Instant)
        /// Nothing more, ever.
        case end
    }

    private struct State {
        var buffer: AppendBuffer
        var schedule: CommitSchedule
        var cursors: [String: UInt64] = [:]
        /// With how many entries of the buffer must be taken before.
        var requests: [(request: WriterRequest, after: Int)] = []
        /// Until when the writer sleeps; `nil` while it is busy, and looks here when it is done.
        var sleepsUntil: Instant?
        /// When the writer has to end, with everything committed or not.
        var closesBy: Instant?
        var isClosed = false

        /// Takes the requests whose turn it is.
        mutating func takeRequests() -> [WriterRequest] {
            let taken = buffer.taken
            defer { requests.removeAll { $0.after <= taken } }
            return requests.filter { $0.after <= taken }.map(\.request)
        }
    }

    private let state: Mutex<State>
    private let groupSize: Int
    private let alarm = Interruption()

    init(_ settings: JournalConfiguration) {
        groupSize = settings.commitSize
        state = Mutex(
            State(
                buffer: AppendBuffer(capacity: settings.bufferLimit),
                schedule: CommitSchedule(
                    interval: settings.commitInterval, size: settings.commitSize,
                    cursorInterval: settings.cursorInterval)))
    }

    // MARK: In

    func append(_ batch: EventBatch, now: Instant = .now) {
        leave {
            $0.buffer.append(batch)
            $0.schedule.eventsCame(waiting: $0.buffer.waitingMemory, now: now)
        }
    }

    func append(_ gap: JournalGap, now: Instant = .now) {
        leave {
            $0.buffer.append(gap)
            $0.schedule.eventsCame(waiting: $0.buffer.waitingMemory, now: now)
        }
    }

    func move(_ consumer: String, to position: UInt64, now: Instant = .now) {
        leave {
            $0.cursors[consumer] = max($0.cursors[consumer] ?? 0, position)
            $0.schedule.cursorsMoved(now: now)
        }
    }

    /// - Parameter isOrdered: whether it is done when everything is written that was appended before, and not sooner.
    func post(_ request: WriterRequest, isOrdered: Bool, now: Instant = .now) {
        let isTaken = leave(urgently: true) { state in
            guard !state.isClosed else { return false }
            state.requests.append((request, isOrdered ? state.buffer.added : 0))
            state.schedule.somebodyWaits(now: now)
            return true
        }
        if !isTaken { request.fail(nil) }
    }

    /// Lets the writer commit what has come, and end: by then at the latest.
    func close(by deadline: Instant, now: Instant = .now) {
        leave(urgently: true) {
            $0.closesBy = min($0.closesBy ?? deadline, deadline)
            $0.schedule.somebodyWaits(now: now)
        }
    }

    /// What has been dropped, and how much memory is held, in bytes.
    var load: (dropped: Int, memory: Int) { state.withLock { ($0.buffer.dropped, $0.buffer.memory) } }

    /// - Parameter urgently: whether the writer looks at it even while it waits for the disk to work again.
    @discardableResult
    private func leave<Result>(urgently: Bool = false, _ change: (inout State) -> sending Result) -> sending Result {
        let (result, isWoken) = state.withLock { state in
            let result = change(&state)
            let isWoken = state.sleepsUntil.map { sleep in state.schedule.deadline.map { $0 < sleep } ?? false }
            return (result, isWoken ?? false)
        }
        if isWoken || urgently { alarm.wake() }
        return result
    }

    // MARK: Out

    /// What the writer does next.
    ///
    /// - Parameter wakeAt: when it wants to look after the file, whatever happens.
    func next(wakeAt: Instant, now: Instant = .now) -> Task {
        state.withLock { state in
            state.sleepsUntil = nil
            if let deadline = state.schedule.deadline, deadline <= now {
                let group = state.buffer.take(limit: groupSize)
                let work = Work(group: group, cursors: state.cursors, requests: state.takeRequests())
                state.cursors = [:]
                state.schedule.taken(waiting: state.buffer.waitingMemory, now: now)
                if state.closesBy != nil || !state.requests.isEmpty { state.schedule.somebodyWaits(now: now) }
                if !work.isEmpty { return .commit(work) }
            }
            if state.closesBy != nil {
                state.isClosed = true
                return .end
            }
            let wakeUp = min(state.schedule.deadline ?? wakeAt, wakeAt)
            state.sleepsUntil = wakeUp
            return .sleep(until: wakeUp)
        }
    }

    /// Sleeps until then, or until somebody leaves something that does not wait so long.
    func sleep(until deadline: Instant) { alarm.sleep(until: deadline) }

    /// The events are on the disk, or given up: there is room for others.
    func release(_ group: AppendBuffer.Group) { state.withLock { $0.buffer.release(group) } }

    /// Takes the requests of those who should not wait for a disk that does not work.
    func takeRequests() -> [WriterRequest] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests.map(\.request)
        }
    }

    /// When the writer has to end; `nil` while it goes on.
    var closesBy: Instant? { state.withLock(\.closesBy) }
}

extension WriterInbox.Work {
    /// Whether there is nothing to be done.
    var isEmpty: Bool { group.entries.isEmpty && cursors.isEmpty && requests.isEmpty }
}
