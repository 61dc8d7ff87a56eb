import Glibc
import Testing

/// A directory of one test, gone with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    deinit { Self.remove(path) }

    /// Removes a directory and everything in it, or a file.
    static func remove(_ path: String) {
        if let status = status(path), status.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) { remove("\(path)/\(name)") }
        }
        Glibc.remove(path)
    }

    /// The names of what is in it, in order.
    var files: [String] { Self.names(in: path) }

    /// The names of what is in a directory, in order.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// What a file holds; `nil` where there is none.
    func bytes(_ name: String) -> [UInt8]? {
        guard let file = fopen("\(path)/\(name)", "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes
    }

    /// The text of a file; `nil` where there is none.
    func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// Writes a file.
    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        let file = try #require(fopen("\(path)/\(name)", "w"))
        fputs(text, file)
        fclose(file)
        chmod("\(path)/\(name)", mode)
        return "\(path)/\(name)"
    }
}

/// What this process has open.
enum Descriptors {
    /// How many descriptors there are.
    static var open: Int {
        guard let stream = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(stream) }
        var count = 0
        while readdir(stream) != nil { count += 1 }
        return count
    }

    /// A copy of a descriptor of a file that is open; `nil` when it is not.
    static func copy(ofFile path: String) -> Int32? {
        for name in TemporaryFolder.names(in: "/proc/self/fd") {
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/fd/\(name)", &target, target.count)
            guard count > 0, target.prefix(count).elementsEqual(path.utf8), let descriptor = Int32(name) else {
                continue
            }
            return fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        }
        return nil
    }
}

/// The longest that anything here may take, even on a busy machine where hundreds of tests share two threads. Nothing
/// waits that long unless it fails.
let patience = Duration.seconds(120)

/// Waits until something has come true that another process brings about.
func eventually(_ what: Comment, _ condition: () -> Bool) async throws {
    let limit = ContinuousClock.now + patience
    while !condition() {
        guard ContinuousClock.now < limit else {
            Issue.record(what)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
