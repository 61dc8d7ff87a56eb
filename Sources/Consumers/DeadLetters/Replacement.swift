import Glibc

/// A new version of a file, which takes the old one's place all at once, or not at all.
final class Replacement {
    typealias Failure = DeadLetterFile.Failure

    private let path: String
    private let draft: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isCommitted = false

    /// Begins a new version beside the file, with its rights and owner. Whoever does this holds the file's lock.
    init(of path: String, like file: borrowing LockedFile) throws(Failure) {
        self.path = path
        var template = Array("\(LockedFile.directory(of: path))/.dead-letters-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        draft = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        guard descriptor >= 0 else { throw Failure(path: draft, code: errno) }
        // Hooks are started without the descriptors of the program, so that none of them sees it meanwhile.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let status = try file.status()
        guard fchmod(descriptor, status.st_mode & 0o777) == 0 else { throw failure() }
        // Only root can give a file away; for everybody else it is their own anyhow.
        if geteuid() == 0, fchown(descriptor, status.st_uid, status.st_gid) != 0 { throw failure() }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isCommitted { unlink(draft) }
    }

    private func failure() -> Failure { Failure(path: draft, code: errno) }

    /// Adds a line, and its newline.
    func append(_ line: [UInt8]) throws(Failure) {
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 16 { try flush() }
    }

    private func flush() throws(Failure) {
        guard LockedFile.write(buffer, to: descriptor) else { throw failure() }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Puts the new version in the place of the old one; returns when that is on disk.
    func commit() throws(Failure) {
        try flush()
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw failure() }
        isCommitted = true
        try LockedFile.synchronizeDirectory(of: path)
    }
}
