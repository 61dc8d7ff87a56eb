import Testing

@testable import WebSocket

/// Conversations with real Kazoo servers, played again.
@Suite struct RecordedConnectionTests {
    /// The scenario sends what a client should and should not; of the latter only the server's answer is played.
    @Test(arguments: ["v4", "v5"])
    func conversations(_ version: String) throws {
        let connections = try Recording.connections(version, "wsproto")
        #expect(connections.count >= 14)
        for (name, lines) in connections {
            try replay(lines, Comment(rawValue: "\(version) \(name)"))
        }
    }

    private func replay(_ lines: [Recording], _ comment: Comment) throws {
        var connection = Connection(now: .start, maskingKeys: ExampleKey())
        var exchange = Exchange()
        var expected = Exchange()
        var hasClosed = false
        for line in lines {
            switch (line.direction, line.op) {
            case (.out, "ping") where line.payload.count <= 125:
                #expect(connection.ping(line.payload) == clientFrame(0x9, line.payload), comment)
            case (.out, "text") where line.isPlain && line.hex == nil && line.payload.count <= 125:
                #expect(connection.text(line.payload) == clientFrame(0x1, line.payload), comment)
            case (.out, "close") where line.payload.count >= 2:
                let code = CloseCode(rawValue: UInt16(line.payload[0]) << 8 | UInt16(line.payload[1]))
                guard code.isValidOnWire else { continue }
                let actions = connection.close(
                    code, reason: String(decoding: line.payload[2...], as: UTF8.self), now: .start)
                #expect(actions == [.transmit(clientFrame(0x8, line.payload))], comment)
                hasClosed = true
            case (.in, "text"):
                exchange.receive(serverFrame(0x1, line.payload), on: &connection)
                expected.messages.append(.text(try #require(line.text)))
            case (.in, "pong"):
                exchange.receive(serverFrame(0xA, line.payload), on: &connection)
            case (.in, "close"):
                exchange.receive(line.code.map { serverClose($0) } ?? serverFrame(0x8), on: &connection)
                if !hasClosed {
                    expected.actions.append(.transmit(line.code.map { clientClose($0) } ?? clientFrame(0x8)))
                }
                expected.actions.append(
                    .closed(
                        .init(
                            code: line.code.map(CloseCode.init), origin: hasClosed ? .local : .peer, isClean: true)))
            default:
                // The handshake, and the FIN: after a close frame it says nothing new.
                if line.event == "tcp FIN" {
                    exchange.actions += connection.endOfStream(now: .start)
                }
            }
            #expect(exchange == expected, comment)
        }
    }
}
