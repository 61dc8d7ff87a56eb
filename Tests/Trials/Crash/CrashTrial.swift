import Glibc

/// One journal that is killed again and again.
struct CrashTrial {
    private let directory: String
    private let executable: String
    private var generator = SystemRandomNumberGenerator()
    private var cursors: [String: Int] = [:]
    /// The number of the last event in the journal.
    private(set) var appended = 0

    /// - Parameters:
    ///   - directory: where everything is kept; empty at first.
    ///   - executable: the program `trials`.
    init(directory: String, executable: String) {
        self.directory = directory
        self.executable = executable
    }

    /// Lets it work for a while, kills it, and looks at what is left.
    mutating func kill() throws {
        // Like a connection that is lost and made again: the last events come once more.
        let child = try start(first: max(1, appended - 20))
        // Mostly in the midst of its work, sometimes while it opens the journal.
        if Int.random(in: 0..<5, using: &generator) > 0 { try child.waitUntilReady() }
        usleep(UInt32.random(in: 0..<120_000, using: &generator))
        child.kill()
        try inspect()
    }

    /// Lets it deliver what is left, and judges everything.
    mutating func finish() throws {
        let child = try start(first: 0)
        guard child.wait() == 0 else { throw TrialFailure("it could not deliver what was left") }
        try inspect()
        let buried = try query("SELECT sequence, raw ->> '$.data.n' FROM dead_letters").compactMap { $0.last }
        guard Set(buried).count == buried.count else { throw TrialFailure("there are two letters about one event") }
        let faults =
            CrashVerdict.faults(of: "archive", log: lines("archive"), last: appended)
            + CrashVerdict.faults(
                of: "hook", log: lines("hook"), last: appended, buried: Set(buried.compactMap { Int($0) }))
        guard faults.isEmpty else { throw TrialFailure(faults.prefix(10).joined(separator: "\n")) }
    }

    private func start(first: Int) throws -> Victim {
        try Victim(executable, ["trials", "crash-child", "--directory", directory, "--first", "\(first)"])
    }

    // MARK: What is left

    private mutating func inspect() throws {
        guard access("\(directory)/journal.sqlite", F_OK) == 0 else { return }
        // Killed before there were tables.
        guard try query("SELECT count(*) FROM sqlite_schema") != [["0"]] else { return }
        let verdict = try query("PRAGMA integrity_check")
        guard verdict == [["ok"]] else { throw TrialFailure("the journal is damaged: \(verdict)") }
        let now = try query("SELECT consumer, position FROM cursors").reduce(into: [:]) { $0[$1[0]] = Int($1[1]) }
        let faults = CrashVerdict.faults(cursors: now, before: cursors)
        guard faults.isEmpty else { throw TrialFailure(faults.joined(separator: "\n")) }
        cursors = now
        let numbers = try query(
            "SELECT count(*), coalesce(max(CAST(raw ->> '$.data.n' AS INTEGER)), 0), coalesce(max(sequence), 0) FROM events"
        )
        guard let row = numbers.first?.compactMap({ Int($0) }), row.count == 3, row[0] == row[1], row[1] == row[2]
        else {
            throw TrialFailure("events are missing or doubled: \(numbers)")
        }
        let committed = lines("committed").compactMap { Int($0) }.max() ?? 0
        guard row[0] >= committed else { throw TrialFailure("\(committed) was committed, and \(row[0]) is the last") }
        appended = row[0]
    }

    private func lines(_ name: String) -> [String] {
        guard let file = fopen("\(directory)/\(name)", "r") else { return [] }
        defer { fclose(file) }
        return Self.lines(file)
    }

    /// What SQLite's own program says: rows of columns.
    private func query(_ query: String) throws -> [[String]] {
        guard let pipe = popen("sqlite3 -batch '\(directory)/journal.sqlite' \"\(query.escapedForShell)\" 2>&1", "re")
        else { throw TrialFailure("sqlite3 cannot be run") }
        let rows = Self.lines(pipe)
        guard pclose(pipe) == 0 else { throw TrialFailure("sqlite3 has failed: \(rows)") }
        return rows.map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
    }

    private static func lines(_ file: UnsafeMutablePointer<FILE>) -> [String] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Removes what a trial has left in a directory, and the directory.
    static func remove(_ directory: String) {
        let names = ["archive", "hook", "committed"] + ["", "-wal", "-shm", ".lock"].map { "journal.sqlite\($0)" }
        for name in names { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }
}

extension String {
    /// What stands within double quotation marks of a shell.
    fileprivate var escapedForShell: String {
        split(separator: "$", omittingEmptySubsequences: false).joined(separator: "\\$")
    }
}
