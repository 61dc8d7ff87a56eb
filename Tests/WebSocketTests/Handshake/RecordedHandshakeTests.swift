import FoundationEssentials
import Testing
import WebSocket

/// The handshakes of real Kazoo servers.
@Suite struct RecordedHandshakeTests {
    @Test(arguments: ["v4", "v5"], ["handshake", "maxconn", "wsproto"])
    func answers(_ version: String, _ scenario: String) throws {
        var statuses: Set<Int> = []
        for (name, lines) in try Recording.connections(version, scenario) {
            let comment = Comment(rawValue: "\(version) \(scenario) \(name)")
            let request = try #require(lines.first { $0.direction == .out }?.http, comment)
            let response = try #require(lines.first { $0.direction == .in }?.http, comment)
            let status = try #require(Int(response.dropFirst(9).prefix(3)), comment)
            var handshake = try ClientHandshake(
                host: "127.0.0.1:5555", resource: "/", key: key(of: request) ?? [UInt8](repeating: 0, count: 16),
                sha1: sha1)
            let progress = Array(response.utf8).withUnsafeBytes { handshake.receive($0) }
            switch progress {
            case .upgraded(let leftover):
                #expect(status == 101, comment)
                #expect(leftover == [], comment)
            case .refused(let refusal):
                #expect(refusal.status == status, comment)
                #expect(refusal.bodyPrefix == [], comment)
            case .incomplete, .invalid:
                Issue.record("\(comment): \(progress)")
            }
            statuses.insert(status)
        }
        switch scenario {
        case "handshake": #expect(statuses.isSuperset(of: [101, 400, 426]))
        case "maxconn": #expect(statuses == [101, 429])
        default: #expect(statuses == [101])
        }
    }

    /// Our own request is the recorded one, given the same key.
    @Test(arguments: [("v4", 5555), ("v5", 5565)])
    func request(_ version: String, _ port: Int) throws {
        let plain = try #require(try Recording.connections(version, "handshake")["plain"])
        let recorded = try #require(plain.first { $0.direction == .out }?.http)
        let handshake = try ClientHandshake(
            host: "127.0.0.1:\(port)", resource: "/", key: #require(key(of: recorded)), sha1: sha1)
        #expect(String(decoding: handshake.request, as: UTF8.self) == recorded)
    }

    private func key(of request: String) -> [UInt8]? {
        request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }
            .flatMap { Data(base64Encoded: String($0.dropFirst("Sec-WebSocket-Key: ".count))) }
            .map { [UInt8]($0) }
    }
}
