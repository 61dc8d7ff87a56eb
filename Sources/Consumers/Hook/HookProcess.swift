import Glibc
import Subprocess
import SystemPackage

/// One run of a hook: a process in a session and process group of its own, with `/` as its working directory and no
/// descriptor but the standard ones. Its standard output goes nowhere; its umask is the program's.
///
/// Cancelling the task sends TERM to the group, and KILL after the grace period; in either case the process is reaped, and
/// whatever of the group is left when it has ended is killed. A process that ends by itself ends the run, and what it left
/// behind (a daemon that it forked) lives on: nobody waits for the pipes that it holds.
struct HookProcess: Sendable {
    let program: String
    let arguments: [String]
    /// Variables as `NAME=value`.
    let environment: [String]
    /// How long the group may take to end after TERM.
    let grace: Duration

    /// How a run ended.
    struct Ending: Sendable {
        let status: TerminationStatus
        /// Whether it was told to end.
        let isCutShort: Bool
        /// The end of what it said on standard error.
        let standardError: String?
    }

    /// A process that does not read its input is an error of a write, and must not end this program. Hooks are started
    /// with the default again.
    private static let outlivesBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

    /// Runs the process to its end.
    ///
    /// - Parameters:
    ///   - input: what is on its standard input. It need not read it.
    ///   - hear: gets the lines of its standard error.
    /// - Throws: a ``ConsumerFailure`` where the process cannot be started.
    func run(
        input: some InputProtocol, hear: @escaping @Sendable ([String]) -> Void
    ) async throws(ConsumerFailure) -> Ending {
        try checkSize()
        Self.outlivesBrokenPipes
        do {
            let result = try await Subprocess.run(
                configuration, input: input, output: .discarded, error: .sequence
            ) { execution in
                var tail = StandardErrorTail()
                var errors = execution.standardError.makeAsyncIterator()
                try await Self.listen(&errors, of: execution.processIdentifier, to: &tail, hear)
                await execution.ended()
                let isCutShort = Task.isCancelled
                if isCutShort {
                    // The process has ended and is not reaped yet, so the number of its group is still its own.
                    killGroup(of: execution.processIdentifier)
                    try await Self.listen(&errors, of: execution.processIdentifier, to: &tail, hear)
                }
                hear(tail.finish())
                return (tail.text, isCutShort)
            }
            let (text, isCutShort) = result.closureResult
            return Ending(status: result.terminationStatus, isCutShort: isCutShort, standardError: text)
        } catch let error as SubprocessError {
            throw failure(of: error)
        } catch {
            throw ConsumerFailure(.retry, "\(program) cannot be watched: \(error)")
        }
    }

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)
        ]
        return Configuration(
            executable: .path(FilePath(program)), arguments: Arguments(arguments),
            // As bytes, because no name of a variable is checked again here.
            environment: .custom(environment.map { Array($0.utf8) + [0] }), workingDirectory: "/",
            platformOptions: options)
    }

    /// Reads standard error to its end, to the end of the process, or until the task is cancelled.
    private static func listen(
        _ errors: inout SubprocessOutputSequence.Iterator, of process: ProcessIdentifier,
        to tail: inout StandardErrorTail, _ hear: ([String]) -> Void
    ) async throws {
        // What a process leaves behind can go on writing for ever; no more than a pipe holds is the process's own.
        var unread = 64 << 10
        while unread > 0 {
            let isOver = hasEnded(process)
            guard let chunk = try await errors.next() else { return }
            let lines = chunk.withUnsafeBytes { tail.append($0) }
            if !lines.isEmpty { hear(lines) }
            if isOver { unread -= chunk.count }
        }
    }

    /// What `execve` would refuse with `E2BIG`: a word over 128 KiB, or too much in all.
    func checkSize() throws(ConsumerFailure) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let wordLimit = 32 * page - 1
        if let long = arguments.first(where: { $0.utf8.count > wordLimit }) {
            throw ConsumerFailure(
                .giveUp,
                "an argument would have \(long.utf8.count) bytes, and Linux allows \(wordLimit); the event is whole on standard input"
            )
        }
        // Each word has a NUL byte and a pointer. The page is for what the kernel adds.
        let total = (arguments + environment).reduce(2 * program.utf8.count) { $0 + $1.utf8.count + 9 }
        let limit = sysconf(Int32(_SC_ARG_MAX)) - page
        if total > limit {
            throw ConsumerFailure(
                .giveUp, "arguments and environment would have \(total) bytes, and Linux allows \(limit)")
        }
    }

    private func failure(of error: SubprocessError) -> ConsumerFailure {
        let reason = error.underlyingError.map { "\($0)" } ?? "\(error)"
        // It was there when the program started: it is being replaced, or the machine is out of something.
        return ConsumerFailure(.retry, "\(program) cannot be started: \(reason)")
    }
}

/// Whether a process has ended, reaped or not.
private func hasEnded(_ process: ProcessIdentifier) -> Bool {
    var entry = pollfd(fd: process.processDescriptor, events: Int16(POLLIN), revents: 0)
    return process.processDescriptor >= 0 && poll(&entry, 1, 0) == 1
}

private func killGroup(of process: ProcessIdentifier) {
    // There may be nobody left in it.
    _ = kill(-process.value, SIGKILL)
}

extension Execution {
    /// Waits until the process has ended; it is not reaped before the body of `run` returns.
    ///
    /// Standard error ends a moment before the process does, or long before where it was closed. `Subprocess` tells of
    /// the end of a process only through `teardown`, so the first step of this one is a signal that does nothing, and
    /// the next comes never.
    fileprivate func ended() async {
        guard !hasEnded(processIdentifier) else { return }
        let years = Duration.seconds(1 << 30)
        await teardown(using: [.send(signal: Signal(rawValue: 0), allowedDurationToNextStep: years)])
    }
}
