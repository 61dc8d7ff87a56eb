public import Events
import Glibc

/// A file that remembers until when nothing was missed, from one run of the program to the next.
///
/// It holds one line, RFC 3339, and is replaced as a whole, so that a crash leaves the old line or the new one.
public struct LastLive: Sendable {
    /// Where the file is.
    public let path: String

    /// Names a file; it need not exist, but its directory must.
    public init(path: String) { self.path = path }

    /// Why the file cannot be used.
    public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// What happened and what to do, in one line.
        public let description: String
    }

    /// Reads the moment.
    ///
    /// - Returns: `nil` when there is no file.
    public func load() throws(Failure) -> Timestamp? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot be read")
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw failure("cannot be read") }
        let text = String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard let moment = Timestamp(text) else {
            throw Failure(description: "\(path): it does not hold a time; remove it")
        }
        return moment
    }

    /// Replaces the moment.
    public func save(_ moment: Timestamp) throws(Failure) {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw failure("cannot be written") }
        let line = Array("\(moment)\n".utf8)
        let isWritten = write(file, line, line.count) == line.count
        guard close(file) == 0, isWritten, rename(temporary, path) == 0 else { throw failure("cannot be written") }
    }

    private func failure(_ words: String) -> Failure {
        Failure(description: "\(path) \(words): \(String(cString: strerror(errno)))")
    }
}
