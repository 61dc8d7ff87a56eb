import Glibc
import KazooSimulator

/// A file with recorded events, open as long as this lives.
final class RecordingFile: RecordedBytes {
    /// Where it was found.
    let path: String
    /// How long it was when it was opened: what somebody still appends is not part of the recording.
    let count: Int
    private let descriptor: Int32

    /// Why the file cannot be read on.
    struct ReadError: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens a file.
    ///
    /// - Throws: 66 when there is no such file, or none that can be read; 65 when it is empty, or compressed.
    init(_ path: String) throws(UsageError) {
        self.path = path
        // A pipe without a writer would otherwise be waited for.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            count = 0
            throw Self.unreadable(path, errno)
        }
        count = status.st_size
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Self.unreadable(path, EISDIR)
        default:
            throw UsageError("\(path) is no regular file: a recording is read more than once", exitCode: 66)
        }
        guard count > 0 else { throw UsageError("\(path) is empty: it holds no recorded events", exitCode: 65) }
        guard !isCompressed else { throw UsageError("\(path) is compressed: unpack it with gunzip", exitCode: 65) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func unreadable(_ path: String, _ code: Int32) -> UsageError {
        UsageError("cannot read \(path): \(String(cString: strerror(code)))", exitCode: 66)
    }

    /// Whether it begins as gzip's files do (RFC 1952 section 2.3.1), such as those that the daemon has rotated.
    private var isCompressed: Bool {
        var beginning: [UInt8] = [0, 0]
        return pread(descriptor, &beginning, 2, 0) == 2 && beginning == [0x1F, 0x8B]
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, offset)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw ReadError(description: "cannot read \(path): \(String(cString: strerror(errno)))")
            }
        }
    }
}
