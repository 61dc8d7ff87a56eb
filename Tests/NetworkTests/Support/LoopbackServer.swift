import Glibc
import Network
import Testing
import Threads

/// Why a test has no server.
struct SystemFailure: Error {
    let call: String
    let number = errno
}

/// A server on a free port of this machine, whose connections a test plays by hand, one after the other.
enum LoopbackServer {
    /// Serves connections on a thread for as long as `body` takes.
    ///
    /// - Parameter serve: plays one connection, which is closed afterwards.
    static func withRunning<Result>(
        _ scheme: ServerURL.Scheme = .http, _ serve: @escaping @Sendable (Peer) -> Void,
        _ body: (ServerURL) async throws -> Result
    ) async throws -> Result {
        let (listener, port) = try bindFreePort()
        defer { close(listener) }
        guard listen(listener, 16) == 0 else { throw SystemFailure(call: "listen") }
        async let served: Void = BlockingThread.run("server") {
            while true {
                let connection = accept(listener, nil, nil)
                // The listener is shut down at the end of the test.
                guard connection >= 0 else { return }
                // No program that another test starts is to keep it open.
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                serve(Peer(connection))
                close(connection)
            }
        }
        let result: Result
        do {
            result = try await body(ServerURL(scheme: scheme, host: "127.0.0.1", port: port))
        } catch {
            shutdown(listener, Int32(SHUT_RDWR))
            await served
            throw error
        }
        shutdown(listener, Int32(SHUT_RDWR))
        await served
        return result
    }

    /// A port that nobody listens on and nobody can take, for as long as `body` takes.
    static func withClosedPort<Result>(
        _ scheme: ServerURL.Scheme = .http, _ body: (ServerURL) async throws -> Result
    ) async throws -> Result {
        let (socket, port) = try bindFreePort()
        defer { close(socket) }
        return try await body(ServerURL(scheme: scheme, host: "127.0.0.1", port: port))
    }

    private static func bindFreePort() throws -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw SystemFailure(call: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 ? getsockname(listener, $0, &length) : -1
            }
        }
        guard status == 0 else { throw SystemFailure(call: "bind") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// The server's end of one connection. Reads give up after two minutes, so that no test hangs.
struct Peer: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// What arrives next, at most `limit` bytes; empty at the end.
    func read(_ limit: Int = 64 << 10) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, limit))
        }
    }

    /// Exactly so many bytes, or fewer at the end.
    func read(exactly count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = read(min(count - bytes.count, 256 << 10))
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// One HTTP request: its head, and the body that `Content-Length` announces; `nil` at the end.
    func request() -> (head: String, body: [UInt8])? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let byte = read(1)
            guard !byte.isEmpty else { return nil }
            head += byte
        }
        let text = String(decoding: head, as: UTF8.self)
        let length = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        return (text, read(exactly: length ?? 0))
    }

    /// Sends everything; what the peer does not take any more is lost.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest.removeFirst(count)
        }
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Answers a request.
    func respond(_ status: String = "200 OK", headers: [String] = [], body: [UInt8] = []) {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
        write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    /// Makes the close that follows a reset (RST) instead of an orderly end.
    func resetOnClose() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }
}
