import CZlib
import Consumers
import Events
import Glibc
import Synchronization
import Testing

/// A directory of one test, which is removed with everything in it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    deinit { Self.remove(path) }

    /// Removes a directory and everything in it.
    static func remove(_ path: String) {
        if let status = status(path), status.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) { remove("\(path)/\(name)") }
        }
        Glibc.remove(path)
    }

    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    var names: [String] { Self.names(in: path) }

    static func write(_ text: String, to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        try #require(file >= 0)
        defer { close(file) }
        let bytes = Array(text.utf8)
        try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
    }

    /// What a file holds, compressed or not.
    static func read(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let stream = try #require(gzopen(path, "rb"))
        defer { gzclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = gzread(stream, &buffer, UInt32(buffer.count))
            try #require(count >= 0)
            if count == 0 { return bytes }
            bytes += buffer[..<Int(count)]
        }
    }

    /// The numbers of the events in a file; fails for a line that is not whole.
    static func numbers(_ path: String) throws -> [UInt64] {
        let bytes = try bytes(path)
        try #require(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"), "a torn last line")
        let start = Array(#"{"action":"event","data":{"number":""#.utf8)
        let end = Array(#""}}"#.utf8)
        return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(line.starts(with: start) && line.suffix(3).elementsEqual(end), "a torn line")
            return line.dropFirst(start.count).prefix(6).reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        }
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}

/// What a file consumer tells, and the time of day that it is told.
final class FileWitness: Sendable {
    private let notices = Mutex<[FileConsumer.Notice]>([])
    private let time = Mutex(Timestamp("2026-11-21T07:42:14.123456Z") ?? Timestamp(microseconds: 0))

    var all: [FileConsumer.Notice] { notices.withLock { $0 } }

    /// Moves the time of day.
    func wait(seconds: Int64) { time.withLock { $0.microseconds += seconds * 1_000_000 } }

    func consumer(_ settings: FileConsumer.Settings) -> FileConsumer {
        FileConsumer(settings, calendar: { self.time.withLock { $0 } }) { notice in
            self.notices.withLock { $0.append(notice) }
        }
    }
}
