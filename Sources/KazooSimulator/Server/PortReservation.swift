import Glibc

/// Keeps a free port from being given to anybody else while nothing listens on it.
///
/// A socket that is bound and does not listen: connections are refused, and the port stays taken. Whoever is to listen on
/// it must set `SO_REUSEPORT` too, which Linux lets only sockets of one user share.
final class PortReservation: Sendable {
    private let descriptor: Int32

    /// - Returns: `nil` when the port cannot be kept.
    init?(host: String, port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        var isShared: Int32 = 1
        guard descriptor >= 0, inet_pton(AF_INET, host, &address.sin_addr) == 1,
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &isShared, socklen_t(MemoryLayout<Int32>.size)) == 0
        else { return nil }
        let status = withUnsafeBytes(of: &address) {
            bind(
                descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard status == 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
