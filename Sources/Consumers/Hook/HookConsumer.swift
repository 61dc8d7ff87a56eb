public import Events
import Glibc
import Subprocess
import Synchronization

/// A program that is started for each event.
///
/// The event is one line on its standard input. It succeeds with exit status 0; 75 means later, and everything else is a
/// failure, as is the end by a signal. See ``HookCommand`` and ``HookEnvironment`` for what it is started with.
public struct HookConsumer: EventConsumer {
    /// How long the process group may take to end after TERM, before KILL.
    public static let grace = Duration.seconds(5)

    private let command: HookCommand
    private let formatter: EventFormatter
    private let grace: Duration
    private let tell: @Sendable (HookNotice) -> Void
    private let allowance = SharedAllowance()

    /// Creates a consumer.
    ///
    /// - Parameters:
    ///   - command: what is started.
    ///   - formatter: the form of the event on standard input.
    ///   - grace: how long the process group may take to end after TERM.
    ///   - tell: hears what the hook says; called from any thread, must not block.
    public init(
        _ command: HookCommand, formatter: EventFormatter = EventFormatter(.raw), grace: Duration = Self.grace,
        tell: @escaping @Sendable (HookNotice) -> Void
    ) {
        self.command = command
        self.formatter = formatter
        self.grace = grace
        self.tell = tell
    }

    /// Runs the hook for an event.
    public func deliver(_ event: EventBatch, attempt: Int) async throws(ConsumerFailure) {
        guard let view = event.first else { return }
        let process = HookProcess(
            program: command.program, arguments: try command.arguments(for: view),
            environment: command.environment.entries(for: view, attempt: attempt), grace: grace)
        var line: [UInt8] = []
        formatter.append(event, to: &line)
        let ending = try await process.run(input: EventInput(bytes: line)) { [allowance, tell] lines in
            allowance.pass(lines).forEach(tell)
        }
        allowance.finish().forEach(tell)
        if let failure = Self.failure(of: ending) { throw failure }
    }

    /// What the end of a run means; `nil` for success.
    private static func failure(of ending: HookProcess.Ending) -> ConsumerFailure? {
        var (remedy, description) = (ConsumerFailure.Remedy.retryWithinLimit, "")
        let status: Int32
        switch ending.status {
        case .exited(0) where !ending.isCutShort: return nil
        case .exited(let code):
            status = code
            description = "it ended with exit status \(code)"
            if code == EX_TEMPFAIL { remedy = .retry }
        case .signaled(let number):
            // As a shell tells it.
            status = 128 + number
            description = "it was ended by signal \(number)"
        }
        if ending.isCutShort {
            (remedy, description) = (.retryWithinLimit, "it was told to end before it had: \(description)")
        }
        return ConsumerFailure(
            remedy, description, exitStatus: status, standardError: ending.standardError)
    }
}

/// The allowance of all runs of one hook.
final class SharedAllowance: Sendable {
    private let allowance = Mutex(LineAllowance())

    func pass(_ lines: [String]) -> [HookNotice] { allowance.withLock { $0.pass(lines, now: .now) } }

    func finish() -> [HookNotice] { allowance.withLock { $0.finish() } }
}
