import Glibc

/// A socket that listens as systemd does, for the messages of `sd_notify(3)`.
public final class NotifySocket {
    /// What stands in `NOTIFY_SOCKET`.
    public let name: String
    private let descriptor: Int32

    /// Why there is no socket: `errno`.
    public struct Failure: Error {
        /// As the system has it.
        public let errno: Int32
    }

    /// Listens at a name of its own, in the file system or in Linux's abstract name space.
    public init(isAbstract: Bool = true) throws(Failure) {
        let unique = "kazoo-subscribe-test-\(getpid())-\(UInt32.random(in: .min ... .max))"
        name = isAbstract ? "@\(unique)" : "/tmp/\(unique)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = (isAbstract ? [0] : [UInt8(ascii: "/")]) + Array(name.utf8.dropFirst())
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(2 + path.count + (isAbstract ? 0 : 1))
        let status = withUnsafeBytes(of: &address) {
            bind(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
        guard status == 0 else { throw Failure(errno: errno) }
    }

    deinit {
        close(descriptor)
        if name.hasPrefix("/") { unlink(name) }
    }

    /// The next message that has been sent already; `nil` when there is none.
    public func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
