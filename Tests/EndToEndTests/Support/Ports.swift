import Foundation
import Synchronization

/// Ports for servers that cannot choose one themselves.
enum Ports {
    /// Below the range from which the system takes ports for outgoing connections: nobody gets one by chance between
    /// our look and the server's start. Two test runs at a time begin at different places.
    private static let next = Atomic<UInt16>(20_000 + UInt16(ProcessInfo.processInfo.processIdentifier % 10_000))

    /// A port of 127.0.0.1 on which nothing listens.
    static func free() throws -> Int {
        for _ in 0..<1000 {
            let port = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if isFree(port) { return Int(port) }
        }
        throw Unmet("no free port")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        withSocket { $0.withAddress(port) { bind($0, $1, $2) == 0 } }
    }

    /// Whether something listens on a port.
    static func answers(_ port: Int) -> Bool {
        withSocket { $0.withAddress(UInt16(port)) { connect($0, $1, $2) == 0 } }
    }

    private static func withSocket(_ body: (Int32) -> Bool) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        return body(socket)
    }
}

extension Int32 {
    /// Calls a function of the socket library with a port of 127.0.0.1.
    fileprivate func withAddress(
        _ port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            guard let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
            return body(self, address, socklen_t(bytes.count))
        }
    }
}

extension Stage {
    /// Starts a server and waits until it listens on all its ports.
    func startServer(_ path: String, _ arguments: [String], ports: [Int]) async throws -> RunningProgram {
        let program = try start(path, arguments)
        try await eventually("\(path) listens", seen: { program.said }) {
            guard program.ending == nil else { throw Unmet("\(path) does not run\n\(program.said)") }
            return ports.allSatisfy(Ports.answers)
        }
        return program
    }
}
