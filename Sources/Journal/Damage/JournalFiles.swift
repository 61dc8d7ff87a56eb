import Glibc

/// The files of a journal: the database, its write-ahead log and the log's index.
struct JournalFiles {
    private static let suffixes = ["", "-wal", "-shm"]

    /// The database.
    let path: String

    /// Moves them away, under a name that tells when and why, such as `journal.sqlite.damaged-20261121T014737Z`.
    ///
    /// Connections that have them open go on with them.
    ///
    /// - Returns: where they are now.
    func setAside(_ why: String, now: Int) throws(JournalError) -> JournalFiles {
        let name = "\(path).\(why)-\(Self.moment(now))"
        // Two in one second do not replace each other.
        let taken = (1...1000).lazy.map { $0 == 1 ? name : "\(name)-\($0)" }
            .first { candidate in Self.suffixes.allSatisfy { access(candidate + $0, F_OK) != 0 } }
        let target = taken ?? name
        // The database goes last: until then the next start finds it, and does all this again.
        for suffix in Self.suffixes.reversed() {
            guard rename(path + suffix, target + suffix) != 0, errno != ENOENT else { continue }
            throw failure("it cannot be set aside", errno)
        }
        return JournalFiles(path: target)
    }

    // MARK: The database as a file

    // Nobody may have a connection to it: closing a descriptor takes SQLite's locks away (fcntl(2)).

    /// Its first page.
    func firstPage() throws(JournalError) -> [UInt8] {
        try withDescriptor(O_RDONLY, "it cannot be read") { file in
            var page = [UInt8](repeating: 0, count: Database.pageSize)
            return pread(file, &page, page.count, 0) == page.count ? page : nil
        }
    }

    /// Writes over its first page.
    func replaceFirstPage(with page: [UInt8]) throws(JournalError) {
        try withDescriptor(O_WRONLY, "it cannot be written") { file in
            pwrite(file, page, page.count, 0) == page.count ? () : nil
        }
    }

    /// Makes it reach the disk.
    func synchronize() throws(JournalError) {
        try withDescriptor(O_RDONLY, "it cannot be written") { file in fsync(file) == 0 ? () : nil }
    }

    /// - Parameter body: `nil` when the system has refused something.
    private func withDescriptor<Result>(
        _ mode: Int32, _ what: String, _ body: (Int32) -> Result?
    ) throws(JournalError) -> Result {
        let file = open(path, mode | O_CLOEXEC)
        guard file >= 0 else { throw failure(what, errno) }
        defer { close(file) }
        guard let result = body(file) else { throw failure(what, errno) }
        return result
    }

    /// Whether there is a database.
    var isThere: Bool { access(path, F_OK) == 0 }

    /// Moves a finished database to its place.
    func put(_ finished: String) throws(JournalError) {
        guard rename(finished, path) == 0 else { throw failure("it cannot be replaced", errno) }
    }

    /// Removes them; they need not be there.
    func remove() {
        for suffix in Self.suffixes { unlink(path + suffix) }
    }

    /// Copies the database and its log; what is there already is replaced.
    func copy(to target: String) throws(JournalError) {
        for suffix in Self.suffixes.dropLast() where access(path + suffix, F_OK) == 0 {
            try copyFile(path + suffix, to: target + suffix)
        }
    }

    private func copyFile(_ source: String, to target: String) throws(JournalError) {
        // Closing takes the locks of connections away (fcntl(2)). Those that may be left only read a file that is given up.
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failure("it cannot be copied", errno) }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw failure("it cannot be copied", errno) }
        defer { close(output) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(input, &bytes, bytes.count)
            guard count >= 0 else { throw failure("it cannot be copied", errno) }
            if count == 0 { return }
            var written = 0
            while written < count {
                let more = bytes.withUnsafeBytes { write(output, $0.baseAddress.map { $0 + written }, count - written) }
                guard more >= 0 else { throw failure("it cannot be copied", errno) }
                written += more
            }
        }
    }

    /// The size of the database, in bytes; 0 where there is none.
    var size: Int { Self.size(path) }

    /// The size of its write-ahead log, in bytes; 0 where there is none.
    var logSize: Int { Self.size(path + "-wal") }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private func failure(_ what: String, _ code: Int32) -> JournalError {
        let kind: JournalError.Kind =
            switch code {
            case ENOSPC, EDQUOT: .full
            case EACCES, EPERM, EROFS: .readOnly
            default: .inputOutput
            }
        return JournalError(kind, path: path, "\(what): \(String(cString: strerror(code)))")
    }

    /// UTC, in the form of ISO 8601 that suits file names.
    private static func moment(_ now: Int) -> String {
        var (seconds, parts) = (time_t(now), tm())
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y%m%dT%H%M%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
