import Glibc

extension OpenFile {
    /// Opens the file at a path or creates it, and repairs its last line.
    ///
    /// Never follows a symbolic link that stands at the path, and refuses what somebody else may have put there.
    static func open(
        _ path: String, settings: FileConsumer.Settings, notify: (FileConsumer.Notice) -> Void
    ) throws(ConsumerFailure) -> OpenFile {
        let owner = try settings.owner.map { text throws(ConsumerFailure) in
            guard let owner = FileOwner(text) else {
                throw ConsumerFailure(.retry, "\(path): this machine knows no owner \(text)")
            }
            return owner
        }
        // Each round is lost to somebody who has put another file at the path meanwhile.
        for _ in 0..<10 {
            guard let (descriptor, isNew) = try openOrCreate(path) else { continue }
            let file = OpenFile(path: path, descriptor: descriptor)
            try file.judge(owner: owner)
            guard try file.lock() else { continue }
            if isNew {
                if let reason = file.give(to: owner) { notify(.ownerNotSet(path: path, reason)) }
                // After the owner, and not by the umask's leave.
                guard fchmod(file.descriptor, settings.mode) == 0 else { throw .system(path, errno) }
                if settings.synchronization != .never { try Directory.synchronize(path.directory) }
            }
            try file.repairLastLine(notify: notify)
            return file
        }
        throw ConsumerFailure(.retry, "\(path): it is replaced faster than it can be opened")
    }

    /// - Returns: `nil` when it came into being or vanished meanwhile.
    private static func openOrCreate(_ path: String) throws(ConsumerFailure) -> (descriptor: Int32, isNew: Bool)? {
        // A pipe without a reader must not hold up the thread, nor a terminal become the program's.
        let flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        var descriptor = Glibc.open(path, flags)
        let isNew = descriptor < 0 && errno == ENOENT
        if isNew {
            descriptor = Glibc.open(path, flags | O_CREAT | O_EXCL, 0o600)
            if descriptor < 0, errno == EEXIST { return nil }
        }
        if descriptor >= 0 { return (descriptor, isNew) }
        switch errno {
        case ELOOP: throw ConsumerFailure(.retry, "\(path): this is a symbolic link, which is not followed")
        case ENOENT: throw ConsumerFailure(.retry, "\(path): its directory is missing")
        case EISDIR: throw ConsumerFailure(.retry, "\(path): this is a directory")
        case ENXIO, ENODEV: throw ConsumerFailure(.retry, "\(path): this is not a regular file")
        default: throw .system(path, errno)
        }
    }

    /// Refuses what is no regular file, and in a directory where everybody may write, what somebody else has put there:
    /// a file of their own, or a second name for one of ours.
    private func judge(owner: FileOwner?) throws(ConsumerFailure) {
        let status = try status()
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ConsumerFailure(.retry, "\(path): this is not a regular file")
        }
        var directory = stat()
        guard stat(path.directory, &directory) == 0 else { throw .system(path.directory, errno) }
        guard directory.st_mode & S_IWOTH != 0 else { return }
        guard status.st_uid == geteuid() || status.st_uid == owner?.user else {
            throw ConsumerFailure(
                .retry, "\(path): it belongs to somebody else, in a directory where everybody may write")
        }
        guard status.st_nlink <= 1 else {
            throw ConsumerFailure(.retry, "\(path): it has another name too, and everybody may write to its directory")
        }
    }

    /// Locks the file against another process, or another consumer of this one.
    ///
    /// - Returns: `false` when the path leads to another file meanwhile.
    private func lock() throws(ConsumerFailure) -> Bool {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw .system(path, errno) }
            throw ConsumerFailure(
                .retry, "\(path): another consumer or process writes to it; each needs a path of its own")
        }
        return try isAtItsPath()
    }

    /// - Returns: why the file does not belong to its owner; `nil` when it does.
    private func give(to owner: FileOwner?) -> String? {
        guard let owner else { return nil }
        if geteuid() == 0 {
            guard fchown(descriptor, owner.user, owner.group ?? gid_t.max) == 0 else {
                return String(cString: strerror(errno))
            }
        } else if owner.user != geteuid() || owner.group.map({ $0 != getegid() }) ?? false {
            return "only root can give files away"
        }
        return nil
    }
}
