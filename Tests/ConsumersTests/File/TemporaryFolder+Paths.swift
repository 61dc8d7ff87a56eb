import CZlib
import Glibc
import Testing

/// What the tests of files write and read in their folders, by whole paths.
extension TemporaryFolder {
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
