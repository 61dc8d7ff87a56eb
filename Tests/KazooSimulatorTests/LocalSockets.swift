import Glibc

/// What the system knows of the ports of this machine.
enum LocalSockets {
    /// Copies of this process's sockets that listen on a port, as a program has them for a moment that is being started.
    static func copies(listeningOn port: Int) -> [Int32] {
        // All of them are found before the first is copied: the copy would be found as well, and copied, and so on.
        let found = (3..<Int32(getdtablesize())).filter { descriptor in
            var (listens, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 1
                && Self.port(of: descriptor) == port
        }
        return found.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    }

    /// Why a port of this machine cannot be bound; 0 when it can.
    static func refusal(toBind port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return status == 0 ? 0 : errno
    }

    private static func port(of descriptor: Int32) -> Int? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET)
            ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
