import Glibc
import Synchronization

/// Tells systemd how the service is doing, by the protocol of `sd_notify(3)`; silent where nobody listens.
///
/// A message is one datagram to the socket that `NOTIFY_SOCKET` names; what cannot be sent is not missed.
final class ServiceManager: Sendable {
    private let socket: Int32
    private let lastStatus = Mutex("starting")
    private let address: SocketAddress?
    /// How often systemd wants a sign of life; `nil` when it does not watch this process.
    let watchdogTimeout: Duration?

    /// - Parameter variable: the value of an environment variable.
    init(_ variable: (String) -> String?) {
        address = variable("NOTIFY_SOCKET").flatMap(SocketAddress.init)
        socket = address == nil ? -1 : Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isOurs = variable("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
        watchdogTimeout = isOurs ? variable("WATCHDOG_USEC").flatMap { Int64($0) }.map { .microseconds($0) } : nil
    }

    deinit { if socket >= 0 { close(socket) } }

    /// The service does its work.
    ///
    /// - Parameter status: what it is doing, in one line for `systemctl status`; `nil` for what was said the last time.
    func isReady(_ status: String? = nil) {
        let status = lastStatus.withLock { last in
            if let status { last = Self.line(status) }
            return last
        }
        send("READY=1\nSTATUS=\(status)")
    }

    /// The configuration is read again; ``isReady(_:)`` must follow.
    func isReloading() {
        // systemd compares it with its own clock, so that an old answer is not taken for a new one.
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)")
    }

    /// The service ends.
    func isStopping() { send("STOPPING=1") }

    /// The loops that matter have turned.
    func isAlive() { send("WATCHDOG=1") }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private func send(_ message: String) {
        guard let address, socket >= 0 else { return }
        var message = message
        message.withUTF8 { bytes in
            address.withSockaddr { pointer, length in
                _ = sendto(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
    }
}

/// The address of a socket in the file system, or with a leading `@` in Linux's abstract name space.
private struct SocketAddress: Sendable {
    private let path: [UInt8]

    init?(_ name: String) {
        var path = Array(name.utf8)
        guard let first = path.first, path.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            return nil
        }
        if first == UInt8(ascii: "@") { path[0] = 0 }
        self.path = path
    }

    func withSockaddr(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        // An abstract name ends where the address does, a path with its null byte.
        let isAbstract = path.first == 0
        let offset = MemoryLayout<sa_family_t>.size
        let length = socklen_t(offset + path.count + (isAbstract ? 0 : 1))
        withUnsafeBytes(of: &address) { bytes in
            if let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) { body(pointer, length) }
        }
    }
}
