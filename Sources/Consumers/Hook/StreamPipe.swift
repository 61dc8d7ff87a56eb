import Glibc
import Threads

/// The pipe that feeds a hook of `mode: stream`, with what is in it and not read yet.
///
/// Only the writing end is held, so that the pipe is broken when the process and everything it started have ended.
final class StreamPipe: Sendable {
    /// The end to read from, for the process; it is closed here once the process has it.
    let readEnd: Int32
    private let writeEnd: Int32

    /// How a write ended.
    enum Outcome: Equatable {
        case written
        /// Nobody reads any more.
        case broken
        /// Nothing was read for as long as is allowed.
        case stalled
        /// It was interrupted.
        case interrupted
        /// The system refuses.
        case failed(Int32)
    }

    /// Creates a pipe; `nil` when there are no descriptors left, and `errno` says so.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        (readEnd, writeEnd) = (ends[0], ends[1])
        // Hooks are started without the descriptors of the program, so that none of them sees it meanwhile.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(writeEnd, F_SETFL, fcntl(writeEnd, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(writeEnd) }

    /// Another end to read from, through which ``unread(at:)`` can be asked when the writing end is closed; below 0 when
    /// there is none to be had. Whoever asks for it closes it.
    func witness() -> Int32 { open("/proc/self/fd/\(writeEnd)", O_RDONLY | O_NONBLOCK | O_CLOEXEC) }

    /// How many bytes are in the pipe that nobody has read, also when nobody is there any more to read them.
    var unread: Int { Self.unread(at: writeEnd) }

    /// How many bytes are in a pipe that nobody has read.
    static func unread(at end: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(end, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// Writes lines; blocks.
    ///
    /// - Parameters:
    ///   - bytes: what is written.
    ///   - patience: how long the process may take nothing.
    ///   - interruption: ends this before.
    /// - Returns: how it ended, and how many bytes were written.
    func write(
        _ bytes: ArraySlice<UInt8>, patience: Duration, interruption: Interruption
    ) -> (outcome: Outcome, count: Int) {
        var rest = bytes
        func end(_ outcome: Outcome) -> (Outcome, Int) { (outcome, bytes.count - rest.count) }
        var deadline = ContinuousClock.now + patience
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(writeEnd, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
                deadline = .now + patience
                continue
            }
            switch errno {
            case EPIPE: return end(.broken)
            case EINTR: continue
            case EAGAIN:
                if interruption.isRaised { return end(.interrupted) }
                guard ContinuousClock.now < deadline else { return end(.stalled) }
                var entries = [
                    pollfd(fd: writeEnd, events: Int16(POLLOUT), revents: 0),
                    pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
                ]
                poll(&entries, 2, Int32((deadline - .now).milliseconds))
            case let code: return end(.failed(code))
            }
        }
        return end(.written)
    }
}
