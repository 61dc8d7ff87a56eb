public import Events
import Threads

/// A program that is started once and fed every event, one a line on its standard input.
///
/// When it ends, whatever its exit status, it is started again after a pause, and gets what it had not read: a line of
/// which it had read a part is sent as a whole. What it had read and not worked off cannot be known, and is not sent
/// again. A process that reads nothing for ``patience`` although something is there is stalled: it is ended and started
/// again. `deliver` returns when the pipe has the events; as much as a pipe holds (64 KiB) may then still be unread, and
/// is lost when this program itself is killed.
public struct StreamHookConsumer: BatchConsumer {
    private let command: HookCommand
    private let arguments: [String]
    private let formatter: EventFormatter
    /// How long the process may read nothing although something is there.
    public let patience: Duration
    private let grace: Duration
    private let retry: Retry
    private let tell: @Sendable (HookNotice) -> Void
    private let allowance = SharedAllowance()

    private var process: StreamHookProcess?
    private var sent = UnreadLines(capacity: 1 << 16)
    /// What comes before everything else: what the last process did not read, and what could not be written.
    private var backlog: [UInt8] = []
    /// The last event of a batch that is in the backlog already, because its delivery has failed.
    private var owed: UInt64?
    private var deaths = 0
    private var startsAgain: ContinuousClock.Instant?
    /// How many bytes were unread when that last changed, and when.
    private var lookedAt: (unread: Int, since: ContinuousClock.Instant)?

    /// Creates a consumer; the process is started when the first event comes.
    ///
    /// - Parameters:
    ///   - command: what is started; its arguments have no placeholders.
    ///   - formatter: the form of the events.
    ///   - patience: how long it may read nothing although something is there.
    ///   - backoff: the bounds of the pauses before it is started again, the first and the longest.
    ///   - grace: how long the process group may take to end.
    ///   - tell: hears what the hook says; called from any thread, must not block.
    /// - Throws: where the arguments have placeholders.
    public init(
        _ command: HookCommand, formatter: EventFormatter = EventFormatter(.raw), patience: Duration = .seconds(30),
        backoff: ClosedRange<Duration> = .seconds(1) ... .seconds(300), grace: Duration = HookConsumer.grace,
        tell: @escaping @Sendable (HookNotice) -> Void
    ) throws(HookCommandError) {
        self.command = command
        arguments = try command.arguments()
        self.formatter = formatter
        self.patience = patience
        retry = Retry(backoff: backoff)
        self.grace = grace
        self.tell = tell
    }

    /// Writes a batch to the process.
    public mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
        guard let last = batch.last?.sequence else { return }
        if last != owed { formatter.append(batch, to: &backlog) }
        owed = last
        try await writeBacklog()
        owed = nil
    }

    /// Soon after something was written, to see whether it is read.
    public var deadline: ContinuousClock.Instant? {
        guard process != nil || !backlog.isEmpty else { return nil }
        return startsAgain ?? lookedAt.map { $0.since + patience } ?? .now + patience
    }

    /// Looks whether the process lives and reads, and starts it again where there is something for it.
    public mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure) {
        if let process, process.hasEnded || isStalled(process, now) { await bury(process) }
        // What is owed comes again with its batch.
        if owed == nil, !backlog.isEmpty, startsAgain.map({ now >= $0 }) ?? true { try await writeBacklog() }
    }

    /// Lets the process read the rest and end.
    ///
    /// - Throws: where it ended before it had read everything.
    public mutating func close() async throws(ConsumerFailure) {
        guard let process else { return try complain(backlog[...]) }
        self.process = nil
        let (_, unread) = await process.finish(within: grace)
        try complain(sent.lines(ofLast: unread) + backlog)
    }

    private func complain(_ rest: ArraySlice<UInt8>) throws(ConsumerFailure) {
        let lines = rest.count { $0 == UInt8(ascii: "\n") }
        if lines > 0 { throw ConsumerFailure(.giveUp, "the hook ended without reading the last \(lines) lines") }
    }

    // MARK: The process

    private mutating func writeBacklog() async throws(ConsumerFailure) {
        if let process, process.hasEnded { await bury(process) }
        let process = try running()
        let bytes = backlog
        // What is left goes into a new array, as in `UnreadLines`.
        backlog = []
        let (outcome, count) = await process.write(bytes, patience: patience)
        sent.wrote(bytes[..<count])
        backlog = Array(bytes[count...])
        lookedAt = (process.unread, .now)
        switch outcome {
        case .written: return
        case .interrupted where Task.isCancelled:
            throw ConsumerFailure(.retry, "the program is being stopped")
        case .broken, .interrupted, .failed:
            await bury(process)
            throw ConsumerFailure(.retry, "the hook ended before it had read everything")
        case .stalled:
            await bury(process)
            throw ConsumerFailure(.retry, "the hook read nothing for \(patience.formattedSeconds) s")
        }
    }

    /// The process, started where there is none.
    private mutating func running() throws(ConsumerFailure) -> StreamHookProcess {
        if let process { return process }
        if let startsAgain, ContinuousClock.now < startsAgain {
            throw ConsumerFailure(.retry, "the hook is started again in \((startsAgain - .now).formattedSeconds) s")
        }
        startsAgain = nil
        let process = try StreamHookProcess(
            HookProcess(
                program: command.program, arguments: arguments, environment: command.environment.entries, grace: grace)
        ) { [allowance, tell] lines in allowance.pass(lines).forEach(tell) }
        self.process = process
        sent = UnreadLines(capacity: sent.capacity)
        tell(.started)
        return process
    }

    /// Makes the process end where it has not, keeps what it did not read, and decides when the next one is started.
    private mutating func bury(_ process: StreamHookProcess) async {
        let (ending, unread) = await process.end()
        backlog = Array(sent.lines(ofLast: unread)) + backlog
        self.process = nil
        lookedAt = nil
        // A long life is no failure of the program.
        deaths = .now - process.begin > retry.backoff.upperBound ? 1 : deaths + 1
        var generator = SystemRandomNumberGenerator()
        let wait = retry.delay(failures: deaths, using: &generator)
        startsAgain = .now + wait
        tell(.ended(ending, after: wait))
    }

    private mutating func isStalled(_ process: StreamHookProcess, _ now: ContinuousClock.Instant) -> Bool {
        let unread = process.unread
        guard unread > 0, let lookedAt, lookedAt.unread == unread else {
            lookedAt = (unread, now)
            return false
        }
        return now >= lookedAt.since + patience
    }
}
