import Glibc

/// A process that is killed.
final class Victim {
    private let process: pid_t
    private let output: Int32

    init(_ executable: String, _ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TrialFailure("a pipe cannot be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var words = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, executable, &actions, nil, &words, environ)
        guard status == 0 else {
            close(ends[0])
            throw TrialFailure("\(executable): \(String(cString: strerror(status)))")
        }
        self.process = process
        output = ends[0]
    }

    deinit { close(output) }

    /// Returns when it has said something, which it does when it has opened the journal.
    func waitUntilReady() throws {
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard poll(&entry, 1, 60_000) == 1, read(output, &byte, 1) == 1 else {
            kill()
            throw TrialFailure("it does not work: it has opened nothing in a minute, or has ended")
        }
    }

    func kill() {
        Glibc.kill(process, SIGKILL)
        _ = wait()
    }

    /// Waits for its end.
    ///
    /// - Returns: its status.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
