import CCurl
import Glibc
public import Threads

/// A connected stream of bytes, TLS and proxy included: what a WebSocket runs on.
///
/// libcurl makes the connection and then only carries bytes (`CURLOPT_CONNECT_ONLY`); its socket is read directly where
/// there is neither TLS nor a proxy. Reading and writing never block; ``wait(for:until:)`` does. The stream belongs to the
/// thread that uses it.
public struct ByteStream: ~Copyable {
    /// What a read brought.
    public enum ReadResult: Equatable, Sendable {
        /// So many bytes, at least one.
        case bytes(Int)
        /// Nothing now: wait.
        case wouldBlock
        /// The server has closed its side.
        case endOfStream
    }

    /// What one waits for, and what came.
    public struct Readiness: OptionSet, Sendable {
        /// The set as bits.
        public let rawValue: UInt8

        /// Creates a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Bytes, the end of the stream or an error can be read.
        public static let readable = Self(rawValue: 1)
        /// Bytes can be written.
        public static let writable = Self(rawValue: 2)
        /// The ``Interruption`` woke the thread.
        public static let woken = Self(rawValue: 4)
    }

    /// The most that one read brings, in bytes; libcurl caps it at 16 KiB unless told otherwise.
    public static let largestRead = 256 << 10

    private let handle: EasyHandle
    private let socket: Int32
    private let url: ServerURL
    private let options: NetworkOptions
    private let interruption: Interruption
    /// Whether bytes may wait above the socket, where `poll` does not see them: TLS decrypts whole records.
    private let mayHoldBytes: Bool

    /// Connects; blocks until the transport is open, TLS included.
    ///
    /// - Parameters:
    ///   - url: where to; the path plays no part.
    ///   - interruption: ends the attempt when raised (within a second), and wakes ``wait(for:until:)``.
    public init(to url: ServerURL, options: NetworkOptions, interruption: Interruption) throws(NetworkError) {
        try self.init(to: url, options: options, interruption: interruption, tracer: nil)
    }

    /// Connects, and tells how that went, stage by stage; blocks until the transport is open, TLS included.
    ///
    /// - Parameters:
    ///   - url: where to; the path plays no part.
    ///   - interruption: ends the attempt when raised (within a second), and wakes ``wait(for:until:)``.
    ///   - trace: is set in any case, so that it says how far a failed attempt came.
    public init(
        to url: ServerURL, options: NetworkOptions, interruption: Interruption, trace: inout ConnectionTrace
    ) throws(NetworkError) {
        let tracer = ConnectionTracer()
        defer { trace = tracer.trace }
        try self.init(to: url, options: options, interruption: interruption, tracer: tracer)
    }

    private init(
        to url: ServerURL, options: NetworkOptions, interruption: Interruption, tracer: ConnectionTracer?
    ) throws(NetworkError) {
        let handle = try EasyHandle(options: options, interruption: interruption)
        handle.set(CURLOPT_URL, url.transportURL)
        handle.set(CURLOPT_CONNECT_ONLY, 1)
        // Through a proxy libcurl would otherwise send no CONNECT and yet report success. A proxy takes plain HTTP
        // requests without CONNECT, so the way to an http server ends at the proxy, as it does for requests.
        handle.set(CURLOPT_HTTPPROXYTUNNEL, url.scheme == .http ? 0 : 1)
        handle.set(CURLOPT_BUFFERSIZE, Self.largestRead)
        tracer?.attach(to: handle)
        let status = handle.perform()
        tracer?.finish(handle)
        guard status == CURLE_OK else {
            throw NetworkError(status, detail: handle.detail, url: url, options: options)
        }
        var socket: curl_socket_t = -1
        guard kz_curl_get_socket(handle.pointer, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK, socket >= 0 else {
            throw NetworkError(CURLE_COULDNT_CONNECT, detail: "no socket", url: url, options: options)
        }
        self.handle = handle
        self.socket = socket
        self.url = url
        self.options = options
        self.interruption = interruption
        mayHoldBytes = url.scheme.isSecure || options.mayUseProxy
    }

    /// Whether a read that brought so many bytes, of so many that it had space for, has certainly left none behind, so
    /// that one may wait without another one.
    public func isEmptied(by count: Int, of space: Int) -> Bool {
        count < min(space, Self.largestRead) && !mayHoldBytes
    }

    /// Reads what is there.
    ///
    /// Call it until it answers `.wouldBlock`, or ``isEmptied(by:of:)`` says that it would, before waiting: TLS may hold
    /// bytes that `poll` does not see.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> ReadResult {
        mayHoldBytes ? try readThroughCurl(into: buffer) : try readSocket(into: buffer)
    }

    private func readThroughCurl(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> ReadResult {
        var count = 0
        let status = curl_easy_recv(handle.pointer, buffer.baseAddress, buffer.count, &count)
        switch status {
        case CURLE_OK: return count > 0 ? .bytes(count) : .endOfStream
        case CURLE_AGAIN: return .wouldBlock
        case CURLE_UNSUPPORTED_PROTOCOL: return .endOfStream  // what libcurl says of a connection it found closed
        default: throw lost(status)
        }
    }

    /// Where nothing stands above the socket, libcurl would do the same, at 300 instructions more.
    private func readSocket(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> ReadResult {
        let count = recv(socket, buffer.baseAddress, min(buffer.count, Self.largestRead), 0)
        guard count < 0 else { return count > 0 ? .bytes(count) : .endOfStream }
        let code = errno
        if code == EAGAIN || code == EINTR { return .wouldBlock }
        // In libcurl's words, so that they are the same over TLS.
        throw lost(CURLE_RECV_ERROR, detail: "Recv failure: \(String(cString: strerror(code)))")
    }

    /// Writes what the socket takes.
    ///
    /// - Returns: how many bytes went; 0 when the socket is full: wait for `.writable`. With TLS, the same bytes must be
    ///   offered again.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(NetworkError) -> Int {
        guard bytes.count > 0 else { return 0 }
        var count = 0
        let status = curl_easy_send(handle.pointer, bytes.baseAddress, bytes.count, &count)
        switch status {
        case CURLE_OK: return count
        case CURLE_AGAIN: return 0
        default: throw lost(status)
        }
    }

    /// Sleeps until something can be done, the interruption wakes, or the deadline passes.
    ///
    /// - Parameters:
    ///   - wanted: `.readable`, `.writable` or both; `.woken` is always included.
    ///   - deadline: when to return at the latest; `nil` for never.
    /// - Returns: what is possible now; empty after the deadline.
    public func wait(for wanted: Readiness, until deadline: ContinuousClock.Instant?) -> Readiness {
        var events: Int16 = 0
        if wanted.contains(.readable) { events |= Int16(POLLIN) }
        if wanted.contains(.writable) { events |= Int16(POLLOUT) }
        var entries = (
            pollfd(fd: socket, events: events, revents: 0),
            pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0)
        )
        let timeout = deadline.map { ($0 - .now).milliseconds } ?? -1
        let count = withUnsafeMutableBytes(of: &entries) {
            poll($0.assumingMemoryBound(to: pollfd.self).baseAddress, 2, Int32(timeout))
        }
        guard count > 0 else { return [] }
        var ready: Readiness = []
        let failure = Int16(POLLERR | POLLHUP | POLLNVAL)
        if entries.0.revents & (Int16(POLLIN) | failure) != 0 { ready.insert(.readable) }
        if entries.0.revents & (Int16(POLLOUT) | failure) != 0 { ready.insert(.writable) }
        if entries.1.revents != 0 {
            interruption.drain()
            ready.insert(.woken)
        }
        return ready
    }

    /// - Parameter detail: what is known of it; `nil` for what libcurl knows.
    private func lost(_ status: CURLcode, detail: String? = nil) -> NetworkError {
        NetworkError(status, detail: detail ?? handle.detail, url: url, options: options)
    }
}
