import CCurl
import Glibc

/// Collects what libcurl tells about one attempt to connect.
///
/// Belongs to the thread of its handle, which must not perform again after the tracer is gone.
final class ConnectionTracer {
    private(set) var trace = ConnectionTrace()
    private let start = ContinuousClock.now
    /// When the TCP connection was open; libcurl's own time for that is 0 when what comes after it has failed.
    private var opened: Duration?

    /// Has the handle tell.
    func attach(to handle: borrowing EasyHandle) {
        handle.set(CURLOPT_CERTINFO, 1)
        handle.set(CURLOPT_VERBOSE, 1)
        handle.set(CURLOPT_DEBUGDATA, pointer: Unmanaged.passUnretained(self).toOpaque())
        kz_curl_set_debug_function(handle.pointer) { _, kind, bytes, size, context in
            guard kind == CURLINFO_TEXT, let bytes, let context else { return 0 }
            let text = String(decoding: UnsafeRawBufferPointer(start: bytes, count: size), as: UTF8.self)
            Unmanaged<ConnectionTracer>.fromOpaque(context).takeUnretainedValue().note(text)
            return 0
        }
    }

    /// Reads the times and the certificate, and has the handle be silent again.
    func finish(_ handle: borrowing EasyHandle) {
        handle.set(CURLOPT_VERBOSE, 0)
        handle.set(CURLOPT_DEBUGDATA, pointer: nil)
        let resolved = Self.time(CURLINFO_NAMELOOKUP_TIME_T, of: handle)
        let secured = Self.time(CURLINFO_APPCONNECT_TIME_T, of: handle)
        trace.peer = Self.peer(of: handle)
        let connected = Self.time(CURLINFO_CONNECT_TIME_T, of: handle) ?? (trace.peer == nil ? nil : opened)
        trace.total = Self.time(CURLINFO_TOTAL_TIME_T, of: handle) ?? .zero
        // libcurl counts every time from the start.
        trace.resolving = resolved
        trace.connecting = connected.map { max(.zero, $0 - (resolved ?? .zero)) }
        trace.securing = secured.map { max(.zero, $0 - (connected ?? .zero)) }
        if trace.addresses.isEmpty, let peer = trace.peer { trace.addresses = [peer] }
        trace.systemError = Self.systemError(of: handle)
        trace.certificate = Self.certificate(of: handle)
    }

    /// Takes one of the lines that libcurl writes for people; a line of another wording says nothing.
    ///
    /// Neither the addresses of failed attempts nor the version of TLS can be asked for in libcurl 7.88.
    func note(_ text: String) {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").drop { $0 == " " }
        if line.hasPrefix("Trying "), line.hasSuffix("...") {
            trace.addresses.append(String(line.dropFirst(7).dropLast(3)))
        } else if line.hasPrefix("Connected to ") {
            opened = .now - start
        } else if line.hasPrefix("SSL connection using ") {
            trace.tls = String(line.dropFirst(21))
        }
    }

    /// A time of libcurl's; `nil` when that stage was not passed, which libcurl writes as 0.
    private static func time(_ info: CURLINFO, of handle: borrowing EasyHandle) -> Duration? {
        var microseconds: curl_off_t = 0
        guard kz_curl_get_size(handle.pointer, info, &microseconds) == CURLE_OK, microseconds > 0 else { return nil }
        return .microseconds(microseconds)
    }

    private static func peer(of handle: borrowing EasyHandle) -> String? {
        var address: UnsafePointer<CChar>?
        var port = 0
        guard kz_curl_get_string(handle.pointer, CURLINFO_PRIMARY_IP, &address) == CURLE_OK, let address,
            address.pointee != 0, kz_curl_get_long(handle.pointer, CURLINFO_PRIMARY_PORT, &port) == CURLE_OK
        else { return nil }
        let text = String(cString: address)
        return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
    }

    private static func systemError(of handle: borrowing EasyHandle) -> String? {
        var number = 0
        guard kz_curl_get_long(handle.pointer, CURLINFO_OS_ERRNO, &number) == CURLE_OK, number != 0,
            let text = strerror(Int32(truncatingIfNeeded: number))
        else { return nil }
        return String(cString: text)
    }

    /// The first certificate of the chain, which is the server's own.
    private static func certificate(of handle: borrowing EasyHandle) -> ConnectionTrace.Certificate? {
        var chain: UnsafeMutablePointer<curl_certinfo>?
        guard kz_curl_get_certificates(handle.pointer, &chain) == CURLE_OK, let chain, chain.pointee.num_of_certs > 0
        else { return nil }
        var fields: [String] = []
        var entry = chain.pointee.certinfo[0]
        while let current = entry {
            fields.append(String(cString: current.pointee.data))
            entry = current.pointee.next
        }
        return ConnectionTrace.Certificate(fields: fields)
    }
}

extension ConnectionTrace.Certificate {
    /// Reads the fields that libcurl gives, such as `Subject:CN = kazoo.example.com`.
    init?(fields: [String]) {
        func value(_ name: String) -> String? {
            fields.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let subject = value("Subject"), let issuer = value("Issuer") else { return nil }
        self.init(subject: subject, issuer: issuer, expiry: value("Expire date").flatMap(Self.unixSeconds))
    }

    /// Reads a date as OpenSSL writes it: `Nov 21 04:40:44 2027 GMT`.
    private static func unixSeconds(_ text: String) -> Int? {
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : seconds
    }
}
