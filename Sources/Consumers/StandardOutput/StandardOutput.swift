public import Events
import Glibc
import Synchronization
import Threads

/// Writes whole lines to standard output, without ever holding up whoever hands them over.
///
/// Lines go straight from the thread that read them off the socket into the pipe, as long as the reader keeps up. When it
/// does not, they wait in a backlog of bounded size that a writer thread empties; over the bound the oldest are dropped,
/// counted and reported. The writer thread also notices that the reader has gone, even while no event comes.
public final class StandardOutput: Sendable {
    /// What happened to standard output, for whoever reports it.
    public enum Notice: Equatable, Sendable {
        /// The reader is too slow: so many events are dropped so far. Told at the first, and whenever the number has
        /// doubled.
        case dropping(total: Int)
        /// The reader takes lines again: what was dropped before these.
        case dropped(Loss)
        /// Nothing more can be written.
        case ended(Ending)
    }

    /// Why nothing more can be written.
    public enum Ending: Equatable, Sendable {
        /// The reader has closed its end, as `head` does when it has enough.
        case readerGone
        /// The system refused: its words, for example "No space left on device".
        case failed(String)

        init(errno: Int32) { self = errno == EPIPE ? .readerGone : .failed(String(cString: strerror(errno))) }
    }

    /// What has been counted so far.
    public struct Counts: Equatable, Sendable {
        /// Events handed over.
        public var received = 0
        /// Events written completely.
        public var written = 0
        /// Events dropped because the reader was too slow.
        public var dropped = 0
        /// Events that still wait.
        public var waiting = 0
        /// When the oldest of them was received; `nil` when there is none.
        public var oldest: Timestamp?
    }

    private struct State {
        var backlog: Backlog
        var received = 0
        var dropped = 0
        /// How many dropped events are worth the next notice.
        var worthNotice = 1
        /// Whether everything has to wait, because somebody else still writes.
        var isHeld: Bool
        var isFinishing = false
        /// When what still waits is given up; `nil` for never.
        var deadline: ContinuousClock.Instant?
        var isAbandoned = false
        var ending: Ending?

        var isClosed: Bool { isAbandoned || ending != nil }

        /// Gives up what waits, if the time is up.
        mutating func tick(now: ContinuousClock.Instant) {
            guard let deadline, deadline <= now, !isClosed else { return }
            clear()
            isAbandoned = true
        }

        /// Counts dropped events.
        ///
        /// - Returns: what to tell about it.
        mutating func drop(_ events: Int) -> Notice? {
            dropped += events
            guard dropped >= worthNotice, events > 0 else { return nil }
            worthNotice = dropped * 2
            return .dropping(total: dropped)
        }

        /// Gives up what waits.
        mutating func clear() {
            dropped += backlog.events
            backlog = Backlog(capacity: backlog.capacity)
        }
    }

    private let output: OutputDescriptor
    private let state: Mutex<State>
    private let wakeUp = Interruption()
    private let notify: @Sendable (Notice) -> Void
    private let lossLine: (@Sendable (Loss) -> [UInt8])?

    /// Creates the consumer; nothing is written in the background before ``run()``.
    ///
    /// - Parameters:
    ///   - descriptor: an inherited descriptor, standard output unless told otherwise.
    ///   - capacity: the most that may wait for a slow reader, in bytes.
    ///   - pipeSize: how many bytes a pipe shall hold at the least: what fits goes straight into it, and what does not must
    ///     wait for the writer thread. `nil` to leave it as it is.
    ///   - isHeld: whether nothing at all is written before ``run()``, because somebody else is still writing.
    ///   - lossLine: the line, with its newline, that stands where events are missing; `nil` for none.
    ///   - notify: told what happens, from any thread; must not block.
    public init(
        descriptor: Int32 = 1, capacity: Int = 64 << 20, pipeSize: Int? = nil, isHeld: Bool = false,
        lossLine: (@Sendable (Loss) -> [UInt8])? = nil,
        notify: @escaping @Sendable (Notice) -> Void
    ) {
        output = OutputDescriptor(inherited: descriptor, pipeSize: pipeSize)
        state = Mutex(State(backlog: Backlog(capacity: capacity), isHeld: isHeld))
        self.lossLine = lossLine
        self.notify = notify
    }

    /// What has been counted so far.
    public var counts: Counts {
        state.withLock { state in
            Counts(
                received: state.received,
                written: state.received - state.dropped - state.backlog.events,
                dropped: state.dropped,
                waiting: state.backlog.events,
                oldest: state.backlog.oldest)
        }
    }

    /// Takes whole lines. Never blocks.
    ///
    /// - Parameters:
    ///   - bytes: lines, each with its newline; copied only when they must wait.
    ///   - events: how many events they hold.
    ///   - receivedAt: when these were received.
    public func deliver(_ bytes: UnsafeRawBufferPointer, events: Int, receivedAt: Timestamp) {
        guard bytes.count > 0 else { return }
        var notice: Notice?
        var mustWake = false
        state.withLock { state in
            guard !state.isClosed else { return }
            state.received += events
            var written = 0
            if output.manner != .blocking, !state.isHeld, state.backlog.isEmpty {
                switch write(bytes) {
                case .success(let count): written = count
                case .failure(let failure):
                    state.ending = failure.ending
                    state.dropped += events
                    notice = .ended(failure.ending)
                    mustWake = true
                    return
                }
            }
            guard written < bytes.count else { return }
            mustWake = state.backlog.isEmpty
            let chunk = state.backlog.chunk(
                of: UnsafeRawBufferPointer(rebasing: bytes[written...]), events: events, receivedAt: receivedAt,
                isBegun: written > 0)
            notice = state.drop(state.backlog.append(chunk))
        }
        if mustWake { wakeUp.wake() }
        if let notice { notify(notice) }
    }

    /// Writes what must wait, until ``finish()`` and nothing waits any more, or the reader is gone.
    public func run() async {
        state.withLock { $0.isHeld = false }
        await BlockingThread.run("stdout") { [self] in
            while step() {}
        }
    }

    /// Asks ``run()`` to return once everything is written.
    ///
    /// - Parameter deadline: when what still waits is given up, as a dropped rest; `nil` for never. A write to a terminal
    ///   that has been stopped is waited for.
    public func finish(by deadline: ContinuousClock.Instant? = nil) {
        state.withLock { state in
            state.isFinishing = true
            state.deadline = deadline
        }
        wakeUp.wake()
    }

    /// Why nothing more can be written; `nil` as long as it can.
    public var ending: Ending? { state.withLock(\.ending) }

    private func end(_ ending: Ending) {
        let isFirst = state.withLock { state in
            guard state.ending == nil else { return false }
            state.clear()
            state.ending = ending
            return true
        }
        if isFirst { notify(.ended(ending)) }
    }

    /// One turn of the writer thread: write what can be written, or wait.
    ///
    /// - Returns: `false` when there is nothing left to do, ever.
    private func step() -> Bool {
        tellLoss()
        state.withLock { $0.tick(now: .now) }
        guard let chunk = state.withLock({ $0.backlog.begin() }) else {
            if state.withLock({ $0.isClosed || $0.isFinishing }) { return false }
            wait(forSpace: false)
            return true
        }
        switch chunk.bytes.withUnsafeBytes({ write(UnsafeRawBufferPointer(rebasing: $0[chunk.written...])) }) {
        case .success(let count):
            // Nobody else touches a chunk that is begun, unless everything is given up meanwhile.
            let isClosed = state.withLock { state in
                if !state.isClosed { state.backlog.wrote(count) }
                return state.isClosed
            }
            if isClosed { return false }
            if count < chunk.remaining { wait(forSpace: true) }
            return true
        case .failure(let failure):
            end(failure.ending)
            return false
        }
    }

    /// Says what was dropped, where it is missing.
    private func tellLoss() {
        let loss = state.withLock { state -> Loss? in
            guard let loss = state.backlog.takeLoss() else { return nil }
            if let lossLine { state.backlog.prepend(lossLine(loss), receivedAt: loss.to) }
            return loss
        }
        if let loss { notify(.dropped(loss)) }
    }

    /// Sleeps until the reader takes more, is gone, or somebody wakes the thread.
    private func wait(forSpace: Bool) {
        var entries = (
            pollfd(fd: output.descriptor, events: forSpace ? Int16(POLLOUT) : 0, revents: 0),
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
        )
        let timeout = state.withLock(\.deadline).map { Int32(($0 - .now).milliseconds) } ?? -1
        _ = withUnsafeMutableBytes(of: &entries) {
            poll($0.assumingMemoryBound(to: pollfd.self).baseAddress, 2, timeout)
        }
        if entries.1.revents != 0 { wakeUp.drain() }
        guard !forSpace else { return }
        if entries.0.revents & Int16(POLLNVAL) != 0 {
            end(Ending(errno: EBADF))
        } else if entries.0.revents & Int16(POLLERR | POLLHUP) != 0 {
            end(.readerGone)
        }
    }

    /// Writes until everything is written or the reader is full.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Result<Int, WriteFailure> {
        var written = 0
        while written < bytes.count {
            switch output.write(UnsafeRawBufferPointer(rebasing: bytes[written...])) {
            case .wrote(let count): written += count
            case .wouldBlock: return .success(written)
            case .failed(let errno): return .failure(WriteFailure(errno: errno))
            }
        }
        return .success(written)
    }

    private struct WriteFailure: Error {
        var errno: Int32
        var ending: Ending { Ending(errno: errno) }
    }
}
