import Glibc

/// A file that is read, open as long as this lives.
final class InputFile: Sendable {
    /// Where it was found.
    let path: String
    /// How long it was when it was opened, in bytes; `nil` for what is no regular file.
    let size: Int?
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// - Parameter path: the file; `-` for standard input.
    /// - Throws: why it cannot be read; 65 when it is compressed, as those are that the daemon has rotated.
    init(_ path: String) throws(UsageError) {
        self.path = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            size = nil
            throw Self.unreadable(path, errno)
        }
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Self.unreadable(path, EISDIR) }
        guard !isCompressed else { throw UsageError("\(path) is compressed: unpack it with gunzip", exitCode: 65) }
    }

    deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

    private static func unreadable(_ path: String, _ code: Int32) -> UsageError {
        UsageError("cannot read \(path): \(String(cString: strerror(code)))", exitCode: 74)
    }

    /// Whether it begins as gzip's files do (RFC 1952 section 2.3.1).
    private var isCompressed: Bool {
        var beginning: [UInt8] = [0, 0]
        return size != nil && pread(descriptor, &beginning, 2, 0) == 2 && beginning == [0x1F, 0x8B]
    }

    /// Reads on; blocks where nothing has come yet.
    ///
    /// - Returns: no bytes at the end.
    func read(_ count: Int) throws(UsageError) -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, length throws(UsageError) in
            length = try retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        }
    }

    /// Reads some bytes of a regular file, wherever reading on would be.
    ///
    /// - Returns: how many; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(UsageError) -> Int {
        try retrying { pread(descriptor, buffer.baseAddress, buffer.count, offset) }
    }

    private func retrying(_ read: () -> Int) throws(UsageError) -> Int {
        while true {
            let count = read()
            if count >= 0 { return count }
            guard errno == EINTR else { throw Self.unreadable(path, errno) }
        }
    }
}
