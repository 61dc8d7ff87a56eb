import Glibc

/// A file that is open for appending, locked, and ends with a whole line.
///
/// Owns the descriptor; letting go of it closes it and gives up the lock.
struct OpenFile: ~Copyable {
    let path: String
    let descriptor: Int32
    /// Whether there is something that may not have reached the disk.
    private(set) var isDirty = false
    /// To where the file must be cut back, because an attempt left something behind it.
    private var cut: Int?

    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { FileLock.release(descriptor) }

    /// What the system says about the file.
    func status() throws(ConsumerFailure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path, errno) }
        return status
    }

    /// Whether the path still leads to this file: it may have been moved, replaced or deleted.
    func isAtItsPath() throws(ConsumerFailure) -> Bool {
        var named = stat()
        guard lstat(path, &named) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw .system(path, errno)
        }
        let own = try status()
        return own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }

    /// Appends whole lines, all or none of them.
    ///
    /// What the disk takes before it refuses is cut off again, so that the file ends with whole lines and the next attempt
    /// doubles nothing. Where even that fails, it is done before anything else is written.
    ///
    /// - Parameter synchronously: whether they must be on the disk when this returns. If that fails nobody knows what is
    ///   on it (fsync(2): the pages count as clean afterwards), so they are cut off again as well.
    mutating func append(_ lines: RawSpan, synchronously: Bool) throws(ConsumerFailure) {
        try cutBack()
        let start = Int(try status().st_size)
        do throws(ConsumerFailure) {
            try write(lines)
            if synchronously { try synchronize() }
        } catch {
            cut = start
            // Reported is why the lines could not be written; cutting is tried again before the next ones.
            try? cutBack()
            throw error
        }
    }

    /// Makes what was written reach the disk.
    mutating func synchronize() throws(ConsumerFailure) {
        guard isDirty else { return }
        isDirty = false
        guard fdatasync(descriptor) == 0 else { throw .system(path, errno) }
    }

    /// Shortens the file to its first bytes.
    func truncate(to size: Int) throws(ConsumerFailure) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw .system(path, errno) }
    }

    private mutating func cutBack() throws(ConsumerFailure) {
        guard let cut else { return }
        // Somebody may have emptied the file meanwhile (logrotate's copytruncate): it must not grow again.
        if Int(try status().st_size) > cut { try truncate(to: cut) }
        self.cut = nil
    }

    private mutating func write(_ lines: RawSpan) throws(ConsumerFailure) {
        var rest = lines
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(path, errno)
            }
            isDirty = true
            rest = rest.extracting(droppingFirst: count)
        }
    }
}
