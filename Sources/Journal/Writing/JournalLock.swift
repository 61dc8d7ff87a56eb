import Glibc

/// The right to append to a journal: one process has it, for as long as this lives.
///
/// A file of its own beside the journal is locked: whoever closes a descriptor of the journal itself would take SQLite's
/// own locks away (fcntl(2)). The commands that look at a journal, or take dead letters out, do not need it.
struct JournalLock: ~Copyable {
    private let descriptor: Int32

    init(_ journal: String) throws(JournalError) {
        let path = journal + ".lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(journal, path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = Self.owner(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw Self.failure(journal, path, code) }
            throw JournalError(.locked, path: journal, "another kazoo-subscribe writes it\(owner)")
        }
        // For the message above; the lock counts without it as well.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    deinit {
        // A hook's process that is just being made has the descriptor, too, until its program begins.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func owner(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(count, 0)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
    }

    private static func failure(_ journal: String, _ path: String, _ code: Int32) -> JournalError {
        let kind: JournalError.Kind =
            switch code {
            case ENOSPC, EDQUOT: .full
            case EACCES, EPERM, EROFS: .readOnly
            default: .unavailable
            }
        return JournalError(kind, path: journal, "\(path): \(String(cString: strerror(code)))")
    }
}
