import Glibc

/// The config file on disk: where it is looked for, and its bytes.
public struct ConfigurationFile: Sendable {
    /// Its path, as it is named in messages.
    public let path: String
    /// What it holds; one byte more than ``YAMLDocument/sizeLimit`` at the most.
    public let text: [UInt8]
    /// Its permissions; `nil` for a pipe and whatever else is not kept on disk.
    public let permissions: UInt32?

    /// Why a file cannot be read.
    public struct ReadError: Error, Equatable, Sendable, CustomStringConvertible {
        /// The file.
        public var path: String
        /// The operating system's words.
        public var reason: String
        /// Whether there is no such file.
        public var isMissing: Bool

        /// `FILE: No such file or directory`.
        public var description: String { "\(path): \(reason)" }
    }

    /// Reads a file.
    public init(_ path: String) throws(ReadError) {
        func error() -> ReadError {
            let number = errno
            return ReadError(path: path, reason: String(cString: strerror(number)), isMissing: number == ENOENT)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw error() }
        var bytes = [UInt8](repeating: 0, count: YAMLDocument.sizeLimit + 1)
        var count = 0
        while count < bytes.count {
            let length = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw error() }
            if length == 0 { break }
            count += length
        }
        self.path = path
        text = Array(bytes[..<count])
        permissions = status.st_mode & S_IFMT == S_IFREG ? status.st_mode & 0o777 : nil
    }

    /// The tree in the file.
    public var document: YAMLDocument { YAMLDocument(text, file: path) }

    // MARK: Where it is looked for

    /// The file that is used when no other is named.
    ///
    /// A plain user's own file goes before the system's. One that cannot be read is left out, with a word about it.
    ///
    /// - Parameters:
    ///   - isRoot: whether this is no plain user.
    ///   - variable: the value of an environment variable; `nil` when it is not set, or empty.
    /// - Returns: the first that can be read, if any, and the errors of those before it.
    public static func standard(
        isRoot: Bool, _ variable: (String) -> String?
    ) -> (file: Self?, errors: [ReadError]) {
        var errors: [ReadError] = []
        for path in standardPaths(isRoot: isRoot, variable) {
            do throws(ReadError) {
                return (try Self(path), errors)
            } catch {
                if !error.isMissing { errors.append(error) }
            }
        }
        return (nil, errors)
    }

    /// The paths that are tried, in order (XDG Base Directory Specification: a relative path is no path).
    public static func standardPaths(isRoot: Bool, _ variable: (String) -> String?) -> [String] {
        let system = "/etc/kazoo-subscribe/config.yaml"
        guard !isRoot else { return [system] }
        let directory = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { "\($0)/.config" }
        guard let directory, directory.hasPrefix("/") else { return [system] }
        return ["\(directory)/kazoo-subscribe/config.yaml", system]
    }
}
