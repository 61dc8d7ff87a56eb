import Testing

@testable import Network

@Suite struct ServerURLTests {
    private static let http: [ServerURL.Scheme] = [.http, .https]
    private static let websocket: [ServerURL.Scheme] = [.ws, .wss]

    @Test(arguments: [
        ("http://kazoo.example.com:8000", ServerURL.Scheme.http, "kazoo.example.com", 8000, "/", nil),
        ("http://kazoo", .http, "kazoo", 80, "/", nil),
        ("https://kazoo", .https, "kazoo", 443, "/", nil),
        ("HTTPS://Kazoo.Example.com/", .https, "Kazoo.Example.com", 443, "/", nil),
        ("http://kazoo:8000/v2/", .http, "kazoo", 8000, "/v2", nil),
        ("http://kazoo/a//b///", .http, "kazoo", 80, "/a//b", nil),
        ("http://kazoo/a?b=c&d=", .http, "kazoo", 80, "/a", "b=c&d="),
        ("http://kazoo/a#fragment", .http, "kazoo", 80, "/a", nil),
        ("http://192.0.2.7:8000", .http, "192.0.2.7", 8000, "/", nil),
        ("http://[2001:db8::1]:8000/x", .http, "2001:db8::1", 8000, "/x", nil),
        ("https://[::1]", .https, "::1", 443, "/", nil),
        ("http://kazoo:65535", .http, "kazoo", 65535, "/", nil),
    ])
    func parses(
        _ text: String, _ scheme: ServerURL.Scheme, _ host: String, _ port: UInt16, _ path: String, _ query: String?
    ) throws {
        let url = try ServerURL(parsing: text, schemes: Self.http)
        #expect(url == ServerURL(scheme: scheme, host: host, port: port, path: path, query: query))
    }

    @Test(arguments: [("ws://kazoo", 80), ("wss://kazoo", 443), ("ws://kazoo:5555", 5555), ("wss://kazoo:7777", 7777)])
    func websocketPorts(_ text: String, _ port: UInt16) throws {
        #expect(try ServerURL(parsing: text, schemes: Self.websocket).port == port)
    }

    @Test(arguments: [
        ("", "“” has no scheme"),
        ("kazoo", "did you mean “http://kazoo”?"),
        ("kazoo.example.com:8000", "did you mean “http://kazoo.example.com:8000”?"),
        ("ftp://kazoo", "the scheme “ftp” cannot be used here; use one of http, https"),
        ("ws://kazoo:5555", "the scheme “ws” cannot be used here; use one of http, https"),
        ("http://", "write http://host:port"),
        ("http://:8000", "write http://host:port"),
        ("http://kazoo:0", "use 1 to 65535"),
        ("http://kazoo:65536", "write http://host:port"),
        ("http://kazoo:port", "write http://host:port"),
        ("http://kazoo:-1", "write http://host:port"),
        ("http://[::1", "write http://host:port"),
        ("http://ka zoo", "a URL cannot contain spaces or control characters"),
        (" http://kazoo", "a URL cannot contain spaces or control characters"),
        ("http://kazoo\n", "a URL cannot contain spaces or control characters"),
        ("http://kazoo/\r\nX-Evil:1", "a URL cannot contain spaces or control characters"),
        ("http://kazoo/\u{1b}[31m", "a URL cannot contain spaces or control characters"),
        ("http://kazoo/\u{7f}", "a URL cannot contain spaces or control characters"),
        ("http://kazoo/\u{9b}31m", "a URL cannot contain spaces or control characters"),
        ("http://kazoo/\u{0}", "a URL cannot contain spaces or control characters"),
    ])
    func refuses(_ text: String, _ words: String) {
        let error = #expect(throws: ServerURL.ParseError.self) { try ServerURL(parsing: text, schemes: Self.http) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.unicodeScalars.contains { $0.properties.generalCategory == .control } == false)
    }

    @Test func suggestsTheFirstScheme() {
        let error = #expect(throws: ServerURL.ParseError.self) {
            try ServerURL(parsing: "kazoo:5555", schemes: Self.websocket)
        }
        #expect(error?.description == "“kazoo:5555” has no scheme (ws, wss); did you mean “ws://kazoo:5555”?")
    }

    /// A password in a URL is refused, and never repeated: whatever else is wrong with the URL.
    @Test(arguments: [
        "http://user:hunter2@kazoo:8000", "http://user@kazoo", "http://:hunter2@kazoo", "user:hunter2@kazoo",
        "http://user:hunter2@kazoo:99999", "ftp://user:hunter2@kazoo", "http://user:hunter2@", "http://us er:hunter2@k",
        "http://user:hun/ter2@kazoo:x", "http://user:hun@ter2@kazoo:x",
    ])
    func refusesUserinfo(_ text: String) {
        let error = #expect(throws: ServerURL.ParseError.self) { try ServerURL(parsing: text, schemes: Self.http) }
        for secret in ["hun", "ter2", "us"] {
            let words = (error?.description ?? "").replacing("a user name", with: "").replacing("use", with: "")
                .replacing("because", with: "")
            #expect(!words.contains(secret), "\(words)")
        }
    }

    /// RFC 9110 section 7.2: the port stands in `Host` only where it is not the scheme's own.
    @Test(arguments: [
        ("http://kazoo", "kazoo", "kazoo:80"),
        ("http://kazoo:8000", "kazoo:8000", "kazoo:8000"),
        ("https://kazoo:443", "kazoo", "kazoo:443"),
        ("https://kazoo:80", "kazoo:80", "kazoo:80"),
        ("http://[::1]", "[::1]", "[::1]:80"),
        ("http://[::1]:8000", "[::1]:8000", "[::1]:8000"),
    ])
    func hostHeader(_ text: String, _ header: String, _ authority: String) throws {
        let url = try ServerURL(parsing: text, schemes: Self.http)
        #expect(url.hostHeader == header)
        #expect(url.authority == authority)
    }

    @Test(arguments: [
        ("http://kazoo", "http://kazoo:80", "http://kazoo:80/", "/"),
        ("https://kazoo/v2/", "https://kazoo:443/v2", "https://kazoo:443/v2", "/v2"),
        ("ws://[::1]:5555/a?b", "ws://[::1]:5555/a?b", "http://[::1]:5555/a?b", "/a?b"),
        ("wss://kazoo:7777?b", "wss://kazoo:7777/?b", "https://kazoo:7777/?b", "/?b"),
    ])
    func texts(_ text: String, _ description: String, _ transport: String, _ resource: String) throws {
        let url = try ServerURL(parsing: text, schemes: Self.http + Self.websocket)
        #expect(url.description == description)
        #expect(url.transportURL == transport)
        #expect(url.resource == resource)
    }

    /// What is printed can be given again.
    @Test(arguments: ["http://kazoo", "https://[2001:db8::1]:8443/v2", "wss://kazoo:7777/a?b=c"])
    func descriptionIsParsed(_ text: String) throws {
        let url = try ServerURL(parsing: text, schemes: Self.http + Self.websocket)
        #expect(try ServerURL(parsing: url.description, schemes: [url.scheme]) == url)
    }

    @Test(arguments: [
        ("http://kazoo:8000", nil, "http://kazoo:8000/v2/user_auth"),
        ("http://kazoo:8000/", "a=b", "http://kazoo:8000/v2/user_auth?a=b"),
        ("http://kazoo/api/", nil, "http://kazoo:80/api/v2/user_auth"),
        ("http://kazoo/api?old=1", nil, "http://kazoo:80/api/v2/user_auth"),
    ])
    func appending(_ text: String, _ query: String?, _ result: String) throws {
        let url = try ServerURL(parsing: text, schemes: Self.http)
        #expect(url.appending(path: "/v2/user_auth", query: query).description == result)
    }
}
