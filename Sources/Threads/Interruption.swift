import Glibc
import Synchronization

/// A flag that ends blocking work on another thread, and a descriptor that wakes a thread in `poll`.
///
/// Raised once and never lowered: it means that the program, or the part that owns it, is asked to stop. ``wake()``
/// alone wakes without stopping.
public final class Interruption: Sendable {
    private let flag = Atomic<Bool>(false)
    private let readEnd: Int32
    private let writeEnd: Int32

    /// Creates a flag that is not raised.
    public init() {
        var ends: (Int32, Int32) = (-1, -1)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let status = withUnsafeMutableBytes(of: &ends) {
            socketpair(AF_UNIX, kind, 0, $0.assumingMemoryBound(to: Int32.self).baseAddress)
        }
        precondition(status == 0, "no descriptor left for a pair of sockets: errno \(errno)")
        (readEnd, writeEnd) = ends
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Whether the work is asked to stop.
    public var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Asks the work to stop, and wakes it. Safe from any thread.
    public func raise() {
        flag.store(true, ordering: .releasing)
        wake()
    }

    /// Wakes a thread that waits with ``descriptor``. Safe from any thread.
    public func wake() {
        var byte: UInt8 = 1
        // A full socket wakes as well as one more byte would.
        _ = send(writeEnd, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    /// Becomes readable after ``wake()``.
    public var descriptor: Int32 { readEnd }

    /// Takes back what ``wake()`` wrote.
    public func drain() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while withUnsafeMutableBytes(of: &bytes, { read(readEnd, $0.baseAddress, $0.count) }) > 0 {}
    }

    /// Sleeps until the deadline, or until somebody calls ``wake()`` or ``raise()``.
    public func sleep(until deadline: ContinuousClock.Instant) {
        var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, Int32((deadline - .now).milliseconds)) > 0 { drain() }
    }
}
