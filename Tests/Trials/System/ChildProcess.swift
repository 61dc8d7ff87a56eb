import Glibc
import Synchronization
import Threads

/// A process of this very program, whose lines of standard output are read as they come.
///
/// It is asked to end by the end of its standard input, which also comes when this process is no more.
final class ChildProcess: Sendable {
    private let process: pid_t
    private let input: Int32
    private let lines = Mutex<[String]>([])
    private let isOver = Atomic<Bool>(false)

    /// Starts it; standard error stays that of this process.
    init(arguments: [String]) throws {
        let (input, output) = (try Self.pipe(), try Self.pipe())
        defer { [input.read, output.write].forEach { close($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
        var words = (["trials"] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var variables: [UnsafeMutablePointer<CChar>?] = [nil]
        var process: pid_t = 0
        let status = posix_spawn(&process, "/proc/self/exe", &actions, nil, &words, &variables)
        guard status == 0 else {
            [input.write, output.read].forEach { close($0) }
            throw Self.failure("a process", status)
        }
        self.process = process
        self.input = input.write
        BlockingThread.start("child") { [self] in read(output.read) }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw failure("a pipe", errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func failure(_ what: String, _ error: Int32) -> TrialFailure {
        TrialFailure("\(what) cannot be made: \(String(cString: strerror(error)))")
    }

    /// What it holds now.
    var figures: ProcessFigures { get throws { try ProcessFigures(of: "\(process)") } }

    /// Takes the lines that it has printed since they were taken.
    func takeLines() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    /// Asks it to end, and waits until it has.
    func end() async throws {
        close(input)
        let deadline = ContinuousClock.now + .seconds(20)
        while !isOver.load(ordering: .acquiring) {
            if ContinuousClock.now >= deadline { kill(process, SIGKILL) }
            try await Task.sleep(for: .milliseconds(50))
        }
        var status: Int32 = 0
        guard waitpid(process, &status, 0) == process, status == 0 else {
            throw TrialFailure("the subscriber did not end well: status \(status)")
        }
    }

    /// Until its end.
    private func read(_ descriptor: Int32) {
        defer {
            close(descriptor)
            isOver.store(true, ordering: .releasing)
        }
        var rest: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return }
            rest += bytes[..<count]
            guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            let whole = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\n").map(String.init)
            rest = Array(rest[(end + 1)...])
            lines.withLock { $0 += whole }
        }
    }
}
