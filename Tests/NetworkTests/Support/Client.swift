import Glibc
import Network
import Synchronization
import Threads

/// Runs what blocks away from the threads that tests share.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await BlockingThread.run("client") { Result { try body() } }.get()
}

/// Sends one request with a client of its own.
func send(
    _ request: HTTPRequest, _ options: NetworkOptions = .direct, until interruption: Interruption = Interruption()
) async throws -> HTTPResponse {
    try await blocking {
        let client = try HTTPClient(options: options, interruption: interruption)
        return try client.send(request)
    }
}

/// The error of a request that cannot succeed; `nil` when it did.
func failure(
    _ request: HTTPRequest, _ options: NetworkOptions = .direct, until interruption: Interruption = Interruption()
) async throws -> NetworkError? {
    do {
        _ = try await send(request, options, until: interruption)
        return nil
    } catch let error as NetworkError {
        return error
    }
}

extension NetworkOptions {
    /// No proxy, whatever the environment says; and timeouts that nothing reaches on a busy machine.
    static var direct: NetworkOptions { through(proxy: "") }

    /// A proxy, and the same timeouts.
    static func through(proxy: String) -> NetworkOptions {
        var options = NetworkOptions()
        options.proxy = proxy
        (options.connectTimeout, options.requestTimeout) = (.seconds(300), .seconds(300))
        return options
    }
}

/// What several threads write down.
final class Notes<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    var all: [Element] { list.withLock { $0 } }

    func add(_ element: Element) { list.withLock { $0.append(element) } }
}

/// The descriptors of this process that are connected to a port of this machine, with their flags.
func flagsOfSockets(connectedTo port: UInt16) -> [Int32] {
    (3..<Int32(4096)).compactMap { descriptor in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard status == 0, address.sin_family == sa_family_t(AF_INET), UInt16(bigEndian: address.sin_port) == port
        else { return nil }
        return fcntl(descriptor, F_GETFD)
    }
}
