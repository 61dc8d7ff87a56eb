import CCurl
import Testing

@testable import Network

@Suite struct NetworkErrorTests {
    private static let url = ServerURL(scheme: .https, host: "kazoo", port: 8443)

    private func error(
        _ status: CURLcode, _ detail: String = "", proxy: String? = nil, url: ServerURL = Self.url
    ) -> NetworkError {
        var options = NetworkOptions()
        options.proxy = proxy
        return NetworkError(status, detail: detail, url: url, options: options)
    }

    @Test(arguments: [
        (CURLE_COULDNT_RESOLVE_HOST, "Could not resolve host: kazoo", NetworkError.Code.unresolved),
        (CURLE_COULDNT_RESOLVE_PROXY, "Could not resolve proxy: p", .proxyFailed),
        (CURLE_COULDNT_CONNECT, "Failed to connect to kazoo port 8443", .unreachable),
        (CURLE_OPERATION_TIMEDOUT, "Connection timed out after 10001 milliseconds", .timedOut),
        (CURLE_OPERATION_TIMEDOUT, "Resolving timed out after 10001 milliseconds", .unresolved),
        (CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: self-signed certificate", .untrustedCertificate),
        (CURLE_SSL_CONNECT_ERROR, "error:0A00010B:SSL routines::wrong version number", .tlsFailed),
        (CURLE_SSL_CONNECT_ERROR, "error:0A000410:SSL routines::sslv3 alert handshake failure", .tlsFailed),
        (CURLE_SSL_CERTPROBLEM, "could not load PEM client certificate", .unusableFile),
        (CURLE_SSL_CACERT_BADFILE, "error setting certificate verify locations", .unusableFile),
        (CURLE_PROXY, "Can't complete SOCKS5 connection", .proxyFailed),
        (CURLE_RECV_ERROR, "Received HTTP code 403 from proxy after CONNECT", .proxyFailed),
        (CURLE_RECV_ERROR, "CONNECT tunnel failed, response 403", .proxyFailed),
        (CURLE_BAD_CONTENT_ENCODING, "Error while processing content unencoding", .badAnswer),
        (CURLE_RECV_ERROR, "Recv failure: Connection reset by peer", .connectionLost),
        (CURLE_SEND_ERROR, "Send failure: Broken pipe", .connectionLost),
        (CURLE_PARTIAL_FILE, "transfer closed with 97 bytes remaining to read", .connectionLost),
        (CURLE_GOT_NOTHING, "Empty reply from server", .connectionLost),
        (CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed", .badAnswer),
        (CURLE_WEIRD_SERVER_REPLY, "Invalid status line", .badAnswer),
        (CURLE_WRITE_ERROR, "Failure writing output to destination", .badAnswer),
        (CURLE_ABORTED_BY_CALLBACK, "Callback aborted", .abandoned),
    ])
    func meaning(_ status: CURLcode, _ detail: String, _ code: NetworkError.Code) {
        let error = error(status, detail)
        #expect(error.code == code)
        #expect(error.server == "kazoo:8443")
        #expect(error.description.hasPrefix("kazoo:8443: "))
        #expect(!error.message.isEmpty)
    }

    @Test func remedies() {
        let untrusted = error(CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: x")
        #expect(
            untrusted.description
                == "kazoo:8443: the server's certificate is not trusted: SSL certificate problem: x (give its authority with --cacert FILE)"
        )
        let connect = error(CURLE_RECV_ERROR, "Received HTTP code 403 from proxy after CONNECT")
        #expect(connect.remedy == "the proxy must allow CONNECT to port 8443")
        let plain = "error:0A00010B:SSL routines::wrong version number"
        #expect(error(CURLE_SSL_CONNECT_ERROR, plain).remedy == "use http://, or the port that speaks TLS")
        let websocket = ServerURL(scheme: .wss, host: "kazoo", port: 5555)
        #expect(
            error(CURLE_SSL_CONNECT_ERROR, plain, url: websocket).remedy == "use ws://, or the port that speaks TLS")
    }

    /// libcurl's buffer is empty for some failures, and several lines long for others.
    @Test func detailIsOneLine() {
        #expect(error(CURLE_COULDNT_CONNECT).message == "Couldn't connect to server")
        #expect(error(CURLE_COULDNT_CONNECT, "one\r\ntwo\nthree\n").message == "one; two; three")
    }

    @Test(arguments: [CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT])
    func proxyIsBlamedWithoutItsPassword(_ status: CURLcode) {
        let remedy = error(status, "Failed to connect to proxy", proxy: "http://user:hunter2@proxy:3128").remedy
        #expect(remedy == "through the proxy http://proxy:3128; check that it runs")
        #expect(error(status, proxy: "").description.contains("proxy") == false)
    }

    /// libcurl repeats a proxy's URL when it cannot use it, also one that came from the environment.
    @Test(arguments: [nil, "", "http://user:hunter2@proxy:x"])
    func detailHoldsNoPassword(_ proxy: String?) {
        let detail = "Unsupported proxy syntax in 'http://user:hunter2@proxy:x': Port number was not a decimal"
        for status in [CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT] {
            let words = error(status, detail, proxy: proxy).description
            #expect(words.contains("'http://proxy:x'"))
            #expect(!words.contains("hunter2"))
        }
    }

    @Test(arguments: [
        ("http://user:pw@proxy:1", "http://proxy:1"), ("user:pw@proxy:1", "proxy:1"),
        ("http://proxy:1", "http://proxy:1"),
        ("http://u:p@w@proxy", "http://proxy"), ("socks5h://u:p/w@proxy/", "socks5h://proxy/"), ("", ""), ("@", ""),
    ])
    func withoutUserinfo(_ text: String, _ expected: String) {
        #expect(text.withoutUserinfo == expected)
    }
}
