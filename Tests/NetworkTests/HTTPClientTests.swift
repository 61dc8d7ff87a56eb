import Network
import Testing
import Threads

@Suite(.timeLimit(.minutes(10))) struct HTTPClientTests {
    @Test func request() async throws {
        let requests = Notes<(head: String, body: [UInt8])>()
        let body = Array(#"{"data":{"api_key":"ä"}}"#.utf8)
        let response = try await LoopbackServer.withRunning(
            .http,
            { peer in
                guard let request = peer.request() else { return }
                requests.add(request)
                peer.respond(
                    "201 Created", headers: ["X-Request-ID:  a b \t", "Vary: accept", "vary: cookie", "Empty:"],
                    body: Array("{}".utf8))
            },
            { url in
                try await send(
                    HTTPRequest(
                        method: "PUT", url: url.appending(path: "/v2/api_auth", query: "a=1"),
                        headers: [
                            HTTPHeader(name: "Content-Type", value: "application/json"),
                            HTTPHeader(name: "X-Auth-Token", value: "t"),
                        ],
                        body: body))
            })
        let request = try #require(requests.all.first)
        let lines = request.head.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "PUT /v2/api_auth?a=1 HTTP/1.1")
        #expect(lines.contains { $0.hasPrefix("Host: 127.0.0.1:") })
        #expect(lines.contains("Content-Type: application/json"))
        #expect(lines.contains("X-Auth-Token: t"))
        #expect(lines.contains("Content-Length: \(body.count)"))
        #expect(lines.contains("User-Agent: kazoo-subscribe"))
        #expect(request.body == body)

        #expect(response.status == 201)
        #expect(response.body == Array("{}".utf8))
        #expect(response[header: "x-request-id"] == "a b")
        #expect(response.headers.filter { $0.name == "vary" }.map(\.value) == ["accept", "cookie"])
        #expect(response[header: "empty"] == "")
        #expect(response[header: "none"] == nil)
    }

    /// libcurl would ask for `100 Continue` before a body of this size, and wait a second for the answer.
    @Test func largeBodyIsSentAtOnce() async throws {
        let body = (0..<(2 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let requests = Notes<(head: String, body: [UInt8])>()
        _ = try await LoopbackServer.withRunning(
            .http,
            { peer in
                guard let request = peer.request() else { return }
                requests.add(request)
                peer.respond()
            },
            { try await send(HTTPRequest(method: "PUT", url: $0, body: body)) })
        let request = try #require(requests.all.first)
        #expect(request.body == body)
        #expect(!request.head.lowercased().contains("expect"))
    }

    /// One connection serves them all, and no request inherits anything from the one before it.
    @Test func requestsInARow() async throws {
        let requests = Notes<(head: String, body: [UInt8])>()
        let connections = Notes<Int>()
        let statuses = try await LoopbackServer.withRunning(
            .http,
            { peer in
                connections.add(1)
                while let request = peer.request() {
                    requests.add(request)
                    peer.respond("\(200 + requests.all.count) OK", headers: ["N: \(requests.all.count)"])
                }
            },
            { url in
                try await blocking {
                    let client = try HTTPClient(options: .direct, interruption: Interruption())
                    let header = HTTPHeader(name: "X-One", value: "1")
                    return try [
                        client.send(HTTPRequest(method: "PUT", url: url, headers: [header], body: Array("one".utf8))),
                        client.send(HTTPRequest(method: "GET", url: url)),
                        client.send(HTTPRequest(method: "PUT", url: url, body: [])),
                        client.send(HTTPRequest(method: "DELETE", url: url)),
                        client.send(HTTPRequest(method: "PUT", url: url, body: Array("three".utf8))),
                    ].map { "\($0.status) \($0[header: "n"] ?? "-") \($0.headers.count)" }
                }
            })
        #expect(statuses == ["201 1 2", "202 2 2", "203 3 2", "204 4 2", "205 5 2"])
        #expect(connections.all.count == 1)
        let heads = requests.all.map(\.head)
        #expect(heads.map { String($0.prefix { $0 != " " }) } == ["PUT", "GET", "PUT", "DELETE", "PUT"])
        #expect(requests.all.map { String(decoding: $0.body, as: UTF8.self) } == ["one", "", "", "", "three"])
        #expect(heads.map { $0.contains("X-One") } == [true, false, false, false, false])
        #expect(heads.map { $0.contains("Content-Length") } == [true, false, true, false, true])
    }

    /// A status is an answer, a redirect too: following one could hand the credentials to a stranger.
    @Test(arguments: [
        ("301 Moved Permanently", 301), ("401 Unauthorized", 401), ("404 Not Found", 404),
        ("429 Too Many Requests", 429), ("500 Internal Server Error", 500), ("502", 502),
    ])
    func everyStatusIsAnAnswer(_ line: String, _ status: Int) async throws {
        let connections = Notes<Int>()
        let response = try await LoopbackServer.withRunning(
            .http,
            { peer in
                connections.add(1)
                _ = peer.request()
                peer.respond(line, headers: ["Location: /elsewhere"], body: Array("why".utf8))
            },
            { try await send(HTTPRequest(method: "GET", url: $0)) })
        #expect(response.status == status)
        #expect(response.body == Array("why".utf8))
        #expect(connections.all.count == 1)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nabcde",
        "HTTP/1.1 100 Continue\r\nOld: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nConnection: close\r\n\r\nabcde",
    ])
    func formsOfAnswers(_ answer: String) async throws {
        let response = try await LoopbackServer.withRunning(
            .http,
            { peer in
                _ = peer.request()
                peer.write(answer)
            },
            { try await send(HTTPRequest(method: "GET", url: $0)) })
        #expect(response.status == 200)
        #expect(response.body == Array("abcde".utf8))
        #expect(response[header: "old"] == nil)
    }

    @Test func compressedAnswer() async throws {
        // printf abcde | gzip
        let gzip: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4b, 0x4c, 0x4a, 0x4e, 0x49, 0x05, 0x00, 0x65,
            0xd8, 0x87, 0x85, 0x05, 0x00, 0x00, 0x00,
        ]
        let response = try await LoopbackServer.withRunning(
            .http,
            { peer in
                guard peer.request()?.head.contains("gzip") == true else { return }
                peer.respond(headers: ["Content-Encoding: gzip"], body: gzip)
            },
            { try await send(HTTPRequest(method: "GET", url: $0)) })
        #expect(response.body == Array("abcde".utf8))
    }

    /// The last answer that is taken has 64 MiB.
    @Test(arguments: [(0, nil), (1, NetworkError.Code.badAnswer)])
    func largestAnswer(_ excess: Int, _ code: NetworkError.Code?) async throws {
        let size = 64 << 20 + excess
        let error = try await LoopbackServer.withRunning(
            .http,
            { peer in
                _ = peer.request()
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                peer.write([UInt8](repeating: 0x20, count: size))
            },
            { url in try await failure(HTTPRequest(method: "GET", url: url)) })
        #expect(error?.code == code)
    }

    @Test func socketIsNotInherited() async throws {
        let flags = try await LoopbackServer.withRunning(
            .http,
            { peer in
                while peer.request() != nil { peer.respond() }
            },
            { url in
                try await blocking {
                    let client = try HTTPClient(options: .direct, interruption: Interruption())
                    _ = try client.send(HTTPRequest(method: "GET", url: url))
                    let flags = flagsOfSockets(connectedTo: url.port)
                    _ = try client.send(HTTPRequest(method: "GET", url: url))
                    return flags
                }
            })
        #expect(flags == [1])  // FD_CLOEXEC
    }
}
