import Crossbar
import Glibc
import Logging
import Secrets

/// Reads a secret from a file.
enum SecretFile {
    /// The most that a secret file may hold, in bytes: no token is longer.
    private static let limit = 64 << 10

    /// Whether a file can be read a second time; standard input and other pipes cannot.
    static func isRereadable(_ path: String) -> Bool {
        var status = stat()
        return path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Reads the first line of a file, or of standard input.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - option: the option that named it, for messages.
    ///   - logger: told when others can read the file.
    static func read(_ path: String, option: String, logger: Logger) throws(UsageError) -> Secret {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw UsageError("\(option): \(path): \(String(cString: strerror(errno)))", exitCode: 78)
        }
        defer { if path != "-" { close(descriptor) } }
        var status = stat()
        if path != "-", fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0
        {
            logger.warning("others can read \(path); protect it with: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let length = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else {
                throw UsageError("\(option): \(path): \(String(cString: strerror(errno)))", exitCode: 78)
            }
            if length == 0 { break }
            count += length
        }
        let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard count <= limit, !line.isEmpty else {
            throw UsageError("\(option): \(path) holds no secret in its first line", exitCode: 78)
        }
        return Secret(String(decoding: line, as: UTF8.self))
    }
}
