import CCurl
import Glibc
import Threads

/// The one owner of a libcurl easy handle, its error text and its string lists.
///
/// An easy handle belongs to one thread at a time; whoever owns this value is that thread.
struct EasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private let interruption: Unmanaged<Interruption>

    /// Creates a handle with everything that ``NetworkOptions`` says.
    init(options: NetworkOptions, interruption: Interruption) throws(NetworkError) {
        _ = Self.globalInitialization
        guard let pointer = curl_easy_init() else {
            throw NetworkError(code: .connectionLost, server: "libcurl", message: "out of memory")
        }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        self.interruption = Unmanaged.passRetained(interruption)
        configure(options)
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorText.deallocate()
        interruption.release()
    }

    /// `curl_global_init` is not safe to run twice at once; a static is initialised once.
    private static let globalInitialization = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private func configure(_ options: NetworkOptions) {
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.milliseconds)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 10)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, options.isInsecure ? 0 : 1)
        set(CURLOPT_SSL_VERIFYHOST, options.isInsecure ? 0 : 2)
        if let authorities = options.authorities { set(CURLOPT_CAINFO, authorities) }
        if let certificate = options.certificate { set(CURLOPT_SSLCERT, certificate) }
        if let key = options.key { set(CURLOPT_SSLKEY, key) }
        if let proxy = options.proxy {
            set(CURLOPT_PROXY, proxy)
            if let authorities = options.authorities { set(CURLOPT_PROXY_CAINFO, authorities) }
        }

        // libcurl's own sockets are inherited by programs that we start; ours are not.
        set(
            CURLOPT_OPENSOCKETDATA,
            pointer: UnsafeMutableRawPointer(bitPattern: options.unacknowledgedTimeout.milliseconds))
        kz_curl_set_open_socket_function(pointer) { context, _, address in
            guard let address else { return -1 }
            let socket = Glibc.socket(
                address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
                address.pointee.protocol)
            if socket >= 0, address.pointee.family != AF_UNIX {
                var milliseconds = UInt32(clamping: Int(bitPattern: context))
                setsockopt(
                    socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
            }
            return socket
        }

        set(CURLOPT_NOPROGRESS, 0)
        set(CURLOPT_XFERINFODATA, pointer: interruption.toOpaque())
        kz_curl_set_progress_function(pointer) { context, _, _, _, _ in
            guard let context else { return 0 }
            return Unmanaged<Interruption>.fromOpaque(context).takeUnretainedValue().isRaised ? 1 : 0
        }
    }

    func set(_ option: CURLoption, _ value: Int) {
        let status = kz_curl_set_long(pointer, option, value)
        precondition(status == CURLE_OK, "libcurl does not know option \(option.rawValue)")
    }

    func set(_ option: CURLoption, _ value: String) {
        let status = kz_curl_set_string(pointer, option, value)
        precondition(status == CURLE_OK, "libcurl does not know option \(option.rawValue)")
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        let status = kz_curl_set_pointer(pointer, option, value)
        precondition(status == CURLE_OK, "libcurl does not know option \(option.rawValue)")
    }

    /// Runs the request, or with `CONNECT_ONLY` makes the connection; blocks.
    func perform() -> CURLcode {
        errorText.pointee = 0
        return curl_easy_perform(pointer)
    }

    /// What libcurl says about the last failure.
    var detail: String { String(cString: errorText) }
}
