import Glibc
import Testing

/// A file system of a few pages in a mount namespace of its own, which is gone with the process that holds it.
final class SmallDisk: Sendable {
    /// Its root, as seen from outside of the namespace.
    let path: String
    private let holder: pid_t

    /// Whether file systems can be mounted here: it takes an administrator's rights.
    static let isPossible = system("unshare --mount mount -t tmpfs none /mnt 2>/dev/null") == 0

    /// - Parameter size: in bytes.
    init(size: Int) throws {
        // Longer than any test: it ends by itself should the tests be killed. Nothing of it keeps the pipe open.
        let script = "mount -t tmpfs -o size=\(size) none /mnt && echo $$ && exec sleep 600 >/dev/null 2>&1"
        let pipe = try #require(popen("unshare --mount sh -c '\(script)' & ", "r"))
        defer { pclose(pipe) }
        var line = [CChar](repeating: 0, count: 32)
        try #require(fgets(&line, 32, pipe) != nil)
        let digits = line.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8(bitPattern: $0) }
        holder = try #require(pid_t(String(decoding: digits, as: UTF8.self)))
        path = "/proc/\(holder)/root/mnt"
    }

    deinit { kill(holder, SIGKILL) }
}
