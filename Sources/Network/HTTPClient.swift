import CCurl
import Glibc
public import Threads

/// Makes HTTP/1.1 requests over libcurl, one after the other, keeping the connection between them.
///
/// A status is an answer, not an error: what it means is the caller's to say. Not safe to share between threads.
public struct HTTPClient: ~Copyable {
    private let options: NetworkOptions
    private let handle: EasyHandle

    /// The most that an answer's body may hold, in bytes: 64 MiB.
    static let maximumBody = 64 << 20

    /// Creates a client.
    ///
    /// - Parameter interruption: ends a request when raised, within a second.
    public init(options: NetworkOptions, interruption: Interruption) throws(NetworkError) {
        self.options = options
        handle = try EasyHandle(options: options, interruption: interruption)
        handle.set(CURLOPT_TIMEOUT_MS, options.requestTimeout.milliseconds)
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_ACCEPT_ENCODING, "")
        kz_curl_set_write_function(handle.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
            let length = size * count
            guard answer.body.count + length <= HTTPClient.maximumBody else { return 0 }
            answer.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: length))
            return length
        }
        kz_curl_set_write_function(handle.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
            let length = size * count
            answer.appendHeader(UnsafeRawBufferPointer(start: bytes, count: length))
            return length
        }
    }

    /// What libcurl's callbacks fill while a request runs.
    private final class Answer {
        var headers: [HTTPHeader] = []
        var body: [UInt8] = []

        func appendHeader(_ line: UnsafeRawBufferPointer) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("HTTP/") { headers.removeAll() }
            guard let colon = text.firstIndex(of: ":") else { return }
            let value = text[text.index(after: colon)...].drop(while: \.isWhitespace)
            let end = value.lastIndex { !$0.isWhitespace }.map(value.index(after:)) ?? value.startIndex
            headers.append(HTTPHeader(name: text[..<colon].lowercased(), value: String(value[..<end])))
        }
    }

    /// Sends a request and waits for the whole answer; blocks.
    public func send(_ request: HTTPRequest) throws(NetworkError) -> HTTPResponse {
        handle.set(CURLOPT_URL, request.url.transportURL)
        handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // libcurl would ask "Expect: 100-continue" for larger bodies, which old proxies do not understand.
        for header in request.headers + [HTTPHeader(name: "Expect", value: "")] {
            list =
                curl_slist_append(list, header.value.isEmpty ? "\(header.name):" : "\(header.name): \(header.value)")
                ?? list
        }
        kz_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, list)
        if let body = request.body {
            kz_curl_set_size(handle.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            _ = body.withUnsafeBytes {
                kz_curl_set_pointer(
                    handle.pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
            }
        } else {
            handle.set(CURLOPT_HTTPGET, 1)
            handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        let answer = Answer()
        let status = withExtendedLifetime(answer) {
            let context = Unmanaged.passUnretained(answer).toOpaque()
            handle.set(CURLOPT_WRITEDATA, pointer: context)
            handle.set(CURLOPT_HEADERDATA, pointer: context)
            return handle.perform()
        }
        // The body may hold a credential: libcurl keeps no copy longer than the request.
        handle.set(CURLOPT_COPYPOSTFIELDS, pointer: nil)
        guard status == CURLE_OK else {
            throw NetworkError(status, detail: handle.detail, url: request.url, options: options)
        }
        var code = 0
        kz_curl_get_long(handle.pointer, CURLINFO_RESPONSE_CODE, &code)
        return HTTPResponse(status: code, headers: answer.headers, body: answer.body)
    }
}
