import Events
import Glibc

@testable import KazooSimulator

/// A blocking client over a plain socket: what it sends and reads is exactly what a test says. Reads give up after two
/// minutes.
final class TestClient {
    struct SocketError: Error, Equatable {
        var call: String
        var code: Int32
    }

    /// A frame from the server.
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        var json: JSONValue? { JSONValue(reading: payload) }
        /// The code of a close frame.
        var closeCode: UInt16? {
            guard opcode == 8, payload.count >= 2 else { return nil }
            return UInt16(payload[0]) << 8 | UInt16(payload[1])
        }
    }

    private let socket: Int32
    private var buffer: [UInt8] = []

    /// Connects to a port of this machine.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var timeout = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // It is whole by now, so that its end closes the socket also when this throws.
        guard result == 0 else { throw SocketError(call: "connect", code: errno) }
    }

    deinit { close(socket) }

    // MARK: Bytes

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw SocketError(call: "send", code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads until at least `count` bytes are there; `false` at the end of the stream.
    private func fill(_ count: Int) throws -> Bool {
        while buffer.count < count {
            var chunk = [UInt8](repeating: 0, count: 65536)
            let received = recv(socket, &chunk, chunk.count, 0)
            guard received >= 0 else { throw SocketError(call: "recv", code: errno) }
            if received == 0 { return false }
            buffer += chunk[..<received]
        }
        return true
    }

    /// Whether the server has closed: a FIN with nothing before it.
    func isAtEnd() throws -> Bool { try !fill(1) }

    // MARK: HTTP

    /// Sends a request and reads the response: its status, its headers and its body.
    func request(_ head: String, body: String = "") throws -> (status: Int, head: String, body: String) {
        try send(Array((head + "\r\n\r\n" + body).utf8))
        return try response()
    }

    func response() throws -> (status: Int, head: String, body: String) {
        var length: Int?
        while length == nil {
            length = buffer.firstIndex(ofHeadEnd: ())
            if length == nil, try !fill(buffer.count + 1) { throw SocketError(call: "recv", code: 0) }
        }
        let head = String(decoding: buffer[..<(length ?? 0)], as: UTF8.self)
        buffer.removeFirst(length ?? 0)
        let lines = head.split(whereSeparator: \.isNewline)
        let count =
            lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
        _ = try fill(count)
        let body = String(decoding: buffer[..<count], as: UTF8.self)
        buffer.removeFirst(count)
        return (Int(head.split(separator: " ")[1]) ?? 0, head, body)
    }

    static func upgrade(_ extra: String = "") -> String {
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13" + extra
    }

    // MARK: WebSocket

    func sendFrame(opcode: UInt8 = 1, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true) throws {
        let mask: UInt8 = isMasked ? 0x80 : 0
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        if payload.count < 126 {
            frame.append(mask | UInt8(payload.count))
        } else {
            frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        }
        if isMasked { frame += [0, 0, 0, 0] }
        try send(frame + payload)
    }

    func send(_ command: JSONValue) throws { try sendFrame(Array(command.json.utf8)) }

    /// The next frame; `nil` when the server has closed.
    func frame() throws -> Frame? {
        guard try fill(2) else { return nil }
        var start = 2
        var count = Int(buffer[1] & 127)
        if count >= 126 {
            let size = count == 126 ? 2 : 8
            guard try fill(2 + size) else { return nil }
            count = buffer[2..<2 + size].reduce(0) { $0 << 8 | Int($1) }
            start += size
        }
        guard try fill(start + count) else { return nil }
        let frame = Frame(opcode: buffer[0] & 15, payload: Array(buffer[start..<start + count]))
        buffer.removeFirst(start + count)
        return frame
    }

    func subscribe(_ binding: String, account: String = Sample.account, token: String) throws -> JSONValue? {
        try send([
            "action": "subscribe", "request_id": .string(binding), "auth_token": .string(token),
            "data": ["account_id": .string(account), "binding": .string(binding)],
        ])
        return try frame()?.json
    }
}

extension [UInt8] {
    /// Where the head of an HTTP message ends, its empty line included.
    fileprivate func firstIndex(ofHeadEnd: Void) -> Int? {
        indices.dropLast(3).first { self[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) }.map { $0 + 4 }
    }
}

/// What the recordings use.
enum Sample {
    static let account = "009afc511c97b2ae693c6cc4920988e8"
    static let descendant = "b1946ac92492d2347c6235b4d2611184"
    static let credentials = #"{"data":{"credentials":"2d1e4f91dae49cd08eaba2293e422273","account_name":"acme"}}"#

    static func call(_ id: String, account: String = account, event: String = "CHANNEL_CREATE") -> SimulatedEvent {
        SimulatedEvent(
            routingKey: "call.\(account).\(event).\(id)", name: event, data: #"{"call_id":"\#(id)","msg_id":"\#(id)"}"#)
    }

    static func document(_ id: String, database: String = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8")
        -> SimulatedEvent
    {
        SimulatedEvent(
            routingKey: "doc_edited.\(database).user.\(id)", name: "doc_edited", data: #"{"id":"\#(id)"}"#)
    }

    /// Logs in over REST.
    static func logIn(_ endpoints: SimulatorEndpoints) throws -> String {
        let client = try TestClient(port: endpoints.apiPort)
        let response = try client.request(logInHead, body: credentials)
        return JSONValue(reading: Array(response.body.utf8))?["auth_token"]?.string ?? ""
    }

    static let logInHead =
        "PUT /v2/user_auth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(credentials.utf8.count)"

    /// Logs in and opens a WebSocket.
    static func connect(_ endpoints: SimulatorEndpoints) throws -> (client: TestClient, token: String) {
        let client = try TestClient(port: endpoints.websocketPort)
        _ = try client.request(TestClient.upgrade())
        return (client, try logIn(endpoints))
    }
}
