import ArgumentParser
import Glibc

/// What a command prints on standard output, gathered so that much of it goes fast.
struct OutputText {
    private var bytes: [UInt8] = []
    private static let size = 1 << 16

    /// Adds a text.
    mutating func append(_ text: String) throws { try append(Array(text.utf8)) }

    /// Adds bytes.
    mutating func append(_ more: [UInt8]) throws {
        bytes += more
        if bytes.count >= Self.size { try flush() }
    }

    /// Writes what has gathered.
    ///
    /// - Throws: what standard output refuses. A reader that has gone ends the program silently, by SIGPIPE.
    mutating func flush() throws {
        defer { bytes.removeAll(keepingCapacity: true) }
        let isWritten = bytes.withUnsafeBytes { LineOutput.write($0, to: STDOUT_FILENO) }
        guard isWritten else {
            throw UsageError("standard output: \(String(cString: strerror(errno)))", exitCode: 74)
        }
    }
}
