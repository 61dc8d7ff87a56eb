import Glibc
import Testing

/// A file system of a few megabytes, gone with the process that uses it however that ends.
///
/// It is mounted where this process sees it: SQLite resolves links, and with them the way into another mount namespace.
final class SmallDisk {
    /// Its root.
    let path: String
    /// Waits for the end of its input, and unmounts.
    private let guardian: UnsafeMutablePointer<FILE>

    /// Whether file systems can be mounted here: it takes an administrator's rights.
    static let isPossible = system("unshare --mount mount -t tmpfs none /mnt 2>/dev/null") == 0

    /// - Parameters:
    ///   - size: in bytes.
    ///   - isReadOnly: whether nothing can be written to it.
    init(size: Int, isReadOnly: Bool = false) throws {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        let options = "size=\(size)" + (isReadOnly ? ",ro" : "")
        try #require(system("mount -t tmpfs -o \(options) none '\(path)'") == 0)
        guardian = try #require(popen("cat > /dev/null; umount --lazy '\(path)'; rmdir '\(path)'", "we"))
    }

    deinit { pclose(guardian) }
}
