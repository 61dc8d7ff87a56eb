import Glibc
import NIOCore

/// A port that stays the simulator's own as long as this lives, whether it listens there or not.
///
/// A socket is bound to it that never listens: the system gives the port to nobody else, and whoever connects while
/// nothing listens is refused.
final class HeldPort: Sendable {
    let number: Int
    private let address: SocketAddress
    private let holder: Int32

    /// Takes a port.
    ///
    /// - Parameter port: 0 for one that is free.
    /// - Throws: The system's error when somebody else listens on it.
    init(host: String, port: Int) throws {
        var address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        holder = try Self.bound(to: address)
        address.port = Self.port(of: holder)
        number = address.port ?? port
        self.address = address
    }

    deinit { close(holder) }

    /// Another socket that is bound to the port, to listen with; whoever asks for it closes it.
    func makeSocket() throws -> Int32 { try Self.bound(to: address) }

    private static func bound(to address: SocketAddress) throws -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.protocol.rawValue, type, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else {
            defer { close(descriptor) }
            throw IOError(errnoCode: errno, reason: "bind to \(address)")
        }
        return descriptor
    }

    /// Stands at the same place in the addresses of IPv4 and IPv6.
    private static func port(of descriptor: Int32) -> Int? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &address) { bytes in
            let status = getsockname(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
            return status == 0 ? Int(UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))) : nil
        }
    }
}
