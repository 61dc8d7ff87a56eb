import Glibc

/// The end of a path, and where it stands.
extension String {
    /// The directory of a path, as `dirname(1)` says it.
    var directory: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == utf8.startIndex ? "/" : String(self[..<slash])
    }

    /// The last component of a path.
    var fileName: String {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[utf8.index(after: $0)...]) } ?? self
    }
}

extension ConsumerFailure {
    /// What the system said about a path; every such failure may pass, when somebody makes room or mends the directory.
    static func system(_ path: String, _ error: Int32) -> ConsumerFailure {
        ConsumerFailure(.retry, "\(path): \(String(cString: strerror(error)))")
    }
}

/// What the system says about directories.
enum Directory {
    /// Makes the names in a directory reach the disk.
    static func synchronize(_ path: String) throws(ConsumerFailure) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(path, errno) }
        defer { close(directory) }
        // Some file systems have nothing to do here, and say so.
        guard fsync(directory) == 0 || errno == EINVAL else { throw .system(path, errno) }
    }

    /// Creates the directories that lead to a file, but the first ones, which must exist.
    ///
    /// - Parameters:
    ///   - fixed: how many components of the path must exist.
    ///   - mode: the permissions of the file; who may read it may enter the directories.
    static func create(for path: String, after fixed: Int, mode: mode_t) throws(ConsumerFailure) {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        guard fixed < components.count - 1 else { return }
        for count in (fixed + 1)..<components.count {
            let directory = components[..<count].joined(separator: "/")
            guard mkdir(directory, mode | 0o300 | (mode & 0o444) >> 2) == 0 || errno == EEXIST else {
                throw .system(directory, errno)
            }
        }
    }

    /// The names in a directory.
    static func names(in path: String) throws(ConsumerFailure) -> [String] {
        guard let directory = opendir(path) else { throw .system(path, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
