import Glibc

/// A file that is open and locked (`flock`) as long as this lives, and that is still the one at its path.
struct LockedFile: ~Copyable {
    typealias Failure = DeadLetterFile.Failure

    private let path: String
    private let descriptor: Int32

    /// Opens and locks a file; waits for whoever has locked it.
    init(_ path: String, creating: Bool) throws(Failure) {
        // A symbolic link that somebody planted is not followed.
        let flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (creating ? O_CREAT : 0)
        while true {
            let descriptor = open(path, flags, 0o600)
            guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
            let code = Self.lock(descriptor)
            guard code == 0 else {
                close(descriptor)
                throw Failure(path: path, code: code)
            }
            // It may have been replaced by another while this waited for the lock of the old one.
            var (here, there) = (stat(), stat())
            if fstat(descriptor, &here) == 0, stat(path, &there) == 0, here.st_ino == there.st_ino,
                here.st_dev == there.st_dev
            {
                self.path = path
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    /// Opens and locks a file that is there; `nil` when there is none.
    static func existing(_ path: String) throws(Failure) -> LockedFile? {
        do throws(Failure) {
            return try LockedFile(path, creating: false)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    deinit { FileLock.release(descriptor) }

    private static func lock(_ descriptor: Int32) -> Int32 {
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { return errno }
        }
        return 0
    }

    private func failure() -> Failure { Failure(path: path, code: errno) }

    /// Its length in bytes.
    func size() throws(Failure) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        return status.st_size
    }

    /// The rights to it, and its owner.
    func status() throws(Failure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        return status
    }

    /// Reads some of it.
    ///
    /// - Returns: how many bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Failure) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, offset)
            if count >= 0 { return count }
            guard errno == EINTR else { throw failure() }
        }
    }

    func byte(at offset: Int) throws(Failure) -> UInt8? {
        var byte: UInt8 = 0
        let outcome = withUnsafeMutableBytes(of: &byte) { buffer in
            Result { () throws(Failure) in try read(into: buffer, at: offset) }
        }
        return try outcome.get() == 1 ? byte : nil
    }

    func append(_ bytes: [UInt8]) throws(Failure) {
        guard Self.write(bytes, to: descriptor) else { throw failure() }
    }

    func synchronize() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    /// Takes back what was appended; what cannot be taken back is a torn line, which does no harm.
    func truncate(to size: Int) { _ = ftruncate(descriptor, size) }

    // MARK: Other files

    /// Writes everything.
    ///
    /// - Returns: whether that went well; else `errno` says why not.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count >= 0 || errno == EINTR else { return false }
                rest = rest.dropFirst(max(0, count))
            }
            return true
        }
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the names in a directory last.
    static func synchronizeDirectory(of path: String) throws(Failure) {
        let directory = directory(of: path)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(path: directory, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(path: directory, code: errno) }
    }
}
