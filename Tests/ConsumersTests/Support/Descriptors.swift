import Consumers
import Events
import Glibc
import Synchronization
import Testing
import Threads

/// A pipe, a pair of sockets or a file for one test.
final class Channel: Sendable {
    let reader: Int32
    let writer: Int32
    private let isReaderOpen = Atomic<Bool>(true)

    private init(reader: Int32, writer: Int32) {
        (self.reader, self.writer) = (reader, writer)
        // A reader that is gone is an error to test, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
    }

    deinit {
        if isReaderOpen.exchange(false, ordering: .relaxed), reader >= 0 { close(reader) }
        close(writer)
    }

    static func pipe() throws -> Channel {
        var ends: [Int32] = [-1, -1]
        let status = Glibc.pipe(&ends)
        try #require(status == 0)
        // No program that another test starts is to hold an end.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return Channel(reader: ends[0], writer: ends[1])
    }

    /// A pipe with a name, which cannot be opened for writing while nobody reads it.
    static func namedPipe() throws -> Channel {
        var path = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let directory = mkdtemp(&path)
        try #require(directory != nil)
        let folder = path.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        let name = "\(folder)/pipe"
        defer {
            unlink(name)
            rmdir(folder)
        }
        let status = mkfifo(name, 0o600)
        try #require(status == 0)
        let reader = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        return Channel(reader: reader, writer: open(name, O_WRONLY | O_CLOEXEC))
    }

    static func sockets() throws -> Channel {
        var ends: [Int32] = [-1, -1]
        let status = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        try #require(status == 0)
        return Channel(reader: ends[0], writer: ends[1])
    }

    static func device(_ path: String) throws -> Channel {
        let writer = open(path, O_WRONLY | O_CLOEXEC)
        try #require(writer >= 0)
        return Channel(reader: -1, writer: writer)
    }

    /// A file without a name, read from its beginning.
    static func file() throws -> Channel {
        var path = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let writer = mkstemp(&path)
        try #require(writer >= 0)
        let reader = open(path, O_RDONLY | O_CLOEXEC)
        unlink(path)
        return Channel(reader: reader, writer: writer)
    }

    /// Closes the reader's end, and waits until nobody has it any more: while another test starts a program, its process
    /// has a copy of every descriptor for a moment.
    func closeReader() {
        guard isReaderOpen.exchange(false, ordering: .relaxed) else { return }
        close(reader)
        // Asked for nothing, it tells of the end alone.
        var entry = pollfd(fd: writer, events: 0, revents: 0)
        while poll(&entry, 1, Int32(patience.milliseconds)) < 0, errno == EINTR {}
    }

    var writerFlags: Int32 { fcntl(writer, F_GETFL) }

    /// What arrives next; empty at the end, and when nothing comes for as long as ``patience``.
    func read(_ limit: Int = 1 << 20) -> [UInt8] {
        var entry = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(patience.milliseconds)) == 1 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, Glibc.read(reader, buffer.baseAddress, limit))
        }
    }

    /// So many bytes, or fewer at the end; away from the threads that tests share.
    func read(exactly count: Int) async -> [UInt8] {
        await BlockingThread.run("reader") { [self] in
            var bytes: [UInt8] = []
            while bytes.count < count {
                let more = read(count - bytes.count)
                if more.isEmpty { break }
                bytes += more
            }
            return bytes
        }
    }
}

/// What standard output tells.
final class Notices: Sendable {
    private let list = Mutex<[StandardOutput.Notice]>([])

    var all: [StandardOutput.Notice] { list.withLock { $0 } }

    func add(_ notice: StandardOutput.Notice) { list.withLock { $0.append(notice) } }
}

extension StandardOutput {
    /// Hands over text as one burst.
    func deliver(_ text: String, receivedAt: Int64 = 0) {
        var text = text
        let events = text.utf8.count { $0 == UInt8(ascii: "\n") }
        text.withUTF8 {
            deliver(
                UnsafeRawBufferPointer($0), events: events, receivedAt: Timestamp(microseconds: receivedAt))
        }
    }
}
