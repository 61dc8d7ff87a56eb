import Glibc

/// A descriptor for output that is written without ever blocking the writer, where the kind of file allows it.
///
/// `O_NONBLOCK` is never set on an inherited descriptor: the shell and other programs share it. A pipe or a terminal is
/// opened a second time instead, and a socket is written with `MSG_DONTWAIT`. Regular files cannot be written that way.
struct OutputDescriptor: ~Copyable {
    /// How a write to the descriptor behaves.
    enum Manner {
        case nonBlocking
        case socket
        case blocking
    }

    /// What a write did.
    enum Outcome: Equatable {
        case wrote(Int)
        case wouldBlock
        case failed(Int32)
    }

    /// `F_SETPIPE_SZ` and `F_GETPIPE_SZ` (Linux, fcntl(2)), which Swift's Glibc does not show.
    private static let (setPipeSize, getPipeSize): (Int32, Int32) = (1031, 1032)

    let descriptor: Int32
    let manner: Manner
    private let isOwned: Bool

    /// Prepares an inherited descriptor, such as standard output.
    ///
    /// - Parameter pipeSize: how many bytes a pipe shall hold at the least, as far as the system allows it; `nil` to leave
    ///   it as it is.
    init(inherited: Int32, pipeSize: Int? = nil) {
        var status = stat()
        let kind = fstat(inherited, &status) == 0 ? status.st_mode & S_IFMT : 0
        switch kind {
        case S_IFSOCK:
            (descriptor, manner, isOwned) = (inherited, .socket, false)
        case S_IFIFO, S_IFCHR:
            let own = open("/proc/self/fd/\(inherited)", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
            // A terminal of another user, or no /proc: the writer thread blocks instead.
            (descriptor, manner, isOwned) = own >= 0 ? (own, .nonBlocking, true) : (inherited, .blocking, false)
        default:
            (descriptor, manner, isOwned) = (inherited, .blocking, false)
        }
        if let pipeSize, kind == S_IFIFO, fcntl(descriptor, Self.getPipeSize) < pipeSize {
            // Beyond its limits (fs.pipe-max-size, fs.pipe-user-pages-soft) the system refuses, and all is as it was.
            _ = fcntl(descriptor, Self.setPipeSize, Int32(pipeSize))
        }
    }

    deinit { if isOwned { close(descriptor) } }

    func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            let count =
                manner == .socket
                ? send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
                : Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 { return .wrote(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(errno)
            }
        }
    }
}
