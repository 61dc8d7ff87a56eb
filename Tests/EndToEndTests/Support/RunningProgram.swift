import Foundation

/// A program that a test started, in a process group of its own. ``Stage`` makes sure that it does not outlive the test.
final class RunningProgram {
    /// How a program ended.
    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    let processID: pid_t
    let name: String
    /// What it says on standard output and standard error.
    let output: PipeReader
    let errors: PipeReader
    private var end: End?

    /// Starts a program; its standard input is empty, and of the environment it knows only what is given.
    init(_ path: String, _ arguments: [String], environment: [String: String]) throws {
        name = URL(fileURLWithPath: path).lastPathComponent
        let (output, errors) = (try Self.pipe(), try Self.pipe())
        defer { [output.write, errors.write].forEach { close($0) } }
        (self.output, self.errors) = (PipeReader(descriptor: output.read), PipeReader(descriptor: errors.read))

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO)
        // Otherwise it would inherit the sockets of other tests' simulators, and keep them open.
        guard let closeFrom = Self.closeFrom, closeFrom(&actions, STDERR_FILENO + 1) == 0 else {
            throw Unmet("this C library cannot close what a program must not inherit")
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var processID: pid_t = 0
        let status = posix_spawnp(&processID, path, &actions, &attributes, &words, &variables)
        guard status == 0 else { throw Unmet("\(path) cannot be started: \(String(cString: strerror(status)))") }
        self.processID = processID
    }

    /// `posix_spawn_file_actions_addclosefrom_np`, which Swift's Glibc does not show.
    private static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
        unsafeBitCast($0, to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self)
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { throw Unmet("no pipe: \(String(cString: strerror(errno)))") }
        // The program gets copies of its ends; no other one is to hold any.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Sends a signal to the program, unless it has ended.
    func send(_ signal: Int32) {
        if ending == nil { _ = kill(processID, signal) }
    }

    /// How it ended; `nil` while it runs.
    var ending: End? {
        if end == nil {
            var status: Int32 = 0
            if waitpid(processID, &status, WNOHANG) == processID {
                end = status & 0x7f == 0 ? .exit(status >> 8 & 0xff) : .signal(status & 0x7f)
            }
        }
        return end
    }

    /// Ends the program and everything it started, at once.
    func terminate() {
        guard ending == nil else { return }
        _ = kill(-processID, SIGKILL)
        var status: Int32 = 0
        if waitpid(processID, &status, 0) == processID { end = .signal(SIGKILL) }
    }

    // MARK: Waiting

    /// Waits until it has ended, reading what it says meanwhile.
    func ended(within limit: Duration = patience) async throws -> End {
        try await eventually("\(name) ends", within: limit, seen: { said }) {
            _ = (output.data, errors.data)
            return ending != nil
        }
        return ending ?? .exit(-1)
    }

    /// Waits until it has said something on standard error, so often.
    ///
    /// - Parameter isRead: whether standard output is read meanwhile; a program that prints may be held up otherwise.
    func says(
        _ words: String, times: Int = 1, within limit: Duration = patience, whileOutputIsRead isRead: Bool = false
    ) async throws {
        try await waits("\(name) says “\(words)”", within: limit) {
            if isRead { _ = output.data }
            return errors.text.ranges(of: words).count >= times
        }
    }

    /// When it first said something on standard error, by its own log.
    func moment(of words: String) throws -> Date {
        guard let line = errors.lines.first(where: { $0.contains(words) }) else { throw Unmet("not said: \(words)") }
        return try Date(line.prefix { $0 != " " })
    }

    /// Waits until it has printed so many lines, and returns them.
    @discardableResult
    func prints(lines count: Int) async throws -> [String] {
        try await waits("\(name) prints \(count) lines") { output.lines.count >= count }
        return output.lines
    }

    /// A condition that can only come true while the program runs.
    private func waits(_ what: String, within limit: Duration = patience, _ condition: () -> Bool) async throws {
        try await eventually(what, within: limit, seen: { said }) {
            let isOver = ending != nil
            if condition() { return true }
            guard !isOver else { throw Unmet("it ended (\(String(describing: ending))) before: \(what)\n\(said)") }
            return false
        }
    }

    /// What it said so far, for messages.
    var said: String { "--- stdout\n\(output.text.suffix(2000))\n--- stderr\n\(errors.text.suffix(4000))" }
}
