import CZlib
import Glibc

/// Compression of a file that is not written any more.
enum GzipFile {
    /// The ending of a compressed file that is not complete.
    static let unfinished = ".gz.tmp"

    private static let chunk = 1 << 18

    /// Puts `PATH.gz` in the place of a file.
    ///
    /// The compressed file gets its name when it is complete and on the disk, and only then the other one is removed: a
    /// crash at any moment leaves at least one of them whole.
    ///
    /// - Parameter isStopped: whether to leave everything as it was; asked again and again.
    static func replace(_ path: String, isStopped: () -> Bool) throws(ConsumerFailure) {
        guard let source = try openUnwritten(path) else { return }
        defer { FileLock.release(source) }
        let temporary = path + unfinished
        unlink(temporary)
        let target = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw .system(temporary, errno) }
        var isComplete = false
        defer {
            close(target)
            if !isComplete { unlink(temporary) }
        }
        guard try compress(from: source, path, to: target, temporary, isStopped: isStopped) else { return }
        try copyAttributes(from: source, path, to: target, temporary)
        guard fsync(target) == 0, rename(temporary, path + ".gz") == 0 else { throw .system(temporary, errno) }
        isComplete = true
        try Directory.synchronize(path.directory)
        guard unlink(path) == 0 || errno == ENOENT else { throw .system(path, errno) }
    }

    /// Removes a file if `PATH.gz` holds the same bytes.
    ///
    /// - Returns: `false` when it does not.
    static func removeDuplicate(_ path: String) throws(ConsumerFailure) -> Bool {
        guard let source = try openUnwritten(path) else { return true }
        defer { FileLock.release(source) }
        guard try isCompressed(source, path) else { return false }
        guard unlink(path) == 0 else { throw .system(path, errno) }
        return true
    }

    /// Opens a file and locks it against being written: the clock may be set back, and make an old file the current one.
    ///
    /// - Returns: `nil` when it is written, so that it is no old file yet.
    private static func openUnwritten(_ path: String) throws(ConsumerFailure) -> Int32? {
        let source = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard source >= 0 else { throw .system(path, errno) }
        // The writer's lock is exclusive; a shared one is enough to keep it out, and needs no more than reading.
        guard flock(source, LOCK_SH | LOCK_NB) != 0 else { return source }
        let error = errno
        close(source)
        guard error == EWOULDBLOCK else { throw .system(path, error) }
        return nil
    }

    private static func isCompressed(_ source: Int32, _ path: String) throws(ConsumerFailure) -> Bool {
        let compressed = open(path + ".gz", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard compressed >= 0 else { throw .system(path + ".gz", errno) }
        guard let stream = gzdopen(compressed, "rb") else {
            close(compressed)
            throw .system(path + ".gz", ENOMEM)
        }
        defer { gzclose(stream) }
        var (plain, unpacked) = ([UInt8](repeating: 0, count: chunk), [UInt8](repeating: 0, count: chunk))
        while true {
            let count = read(source, &plain, chunk)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path, errno) }
            // One byte more than the file has, at its end.
            let more = gzread(stream, &unpacked, UInt32(max(count, 1)))
            guard Int(more) == count, plain[..<count] == unpacked[..<count] else { return false }
            if count == 0 { return true }
        }
    }

    /// - Returns: `false` when it was stopped.
    private static func compress(
        from source: Int32, _ sourcePath: String, to target: Int32, _ targetPath: String, isStopped: () -> Bool
    ) throws(ConsumerFailure) -> Bool {
        // zlib closes what it is given.
        guard let stream = gzdopen(fcntl(target, F_DUPFD_CLOEXEC, 0), "wb6") else { throw .system(targetPath, errno) }
        var isOpen = true
        defer { if isOpen { gzclose(stream) } }
        gzbuffer(stream, UInt32(chunk))
        var buffer = [UInt8](repeating: 0, count: chunk)
        while !isStopped() {
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(sourcePath, errno) }
            if count == 0 {
                isOpen = false
                guard gzclose(stream) == Z_OK else { throw .system(targetPath, errno) }
                return true
            }
            guard gzwrite(stream, buffer, UInt32(count)) == count else { throw .system(targetPath, errno) }
        }
        return false
    }

    /// Owner, permissions and time, as gzip(1) does.
    private static func copyAttributes(
        from source: Int32, _ sourcePath: String, to target: Int32, _ targetPath: String
    ) throws(ConsumerFailure) {
        var status = stat()
        guard fstat(source, &status) == 0 else { throw .system(sourcePath, errno) }
        if geteuid() == 0, fchown(target, status.st_uid, status.st_gid) != 0 { throw .system(targetPath, errno) }
        let times = [status.st_atim, status.st_mtim]
        guard fchmod(target, status.st_mode & 0o7777) == 0, futimens(target, times) == 0 else {
            throw .system(targetPath, errno)
        }
    }
}
