import Glibc
import Testing

/// A directory for the journal of one test, gone with it.
final class JournalFolder: Sendable {
    let path: String

    /// The file of the journal.
    var journal: String { "\(path)/journal.sqlite" }

    init() throws {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    deinit {
        for name in files { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// The names of what is in it, in order.
    var files: [String] {
        guard let stream = opendir(path) else { return [] }
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

    /// Writes a file.
    func write(_ name: String, _ text: String) throws {
        let file = try #require(fopen("\(path)/\(name)", "w"))
        fputs(text, file)
        try #require(fclose(file) == 0)
    }
}
