import Events
import Glibc
import Testing

@testable import KazooSimulator

/// The simulator over real sockets.
@Suite struct SimulatedKazooTests {
    @Test(arguments: KazooFlavour.allCases) func `logs in, subscribes and delivers`(_ flavour: KazooFlavour)
        async throws
    {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            let reply = try client.subscribe("call.CHANNEL_CREATE.*", token: token)
            #expect(reply?["status"] == "success")
            #expect(await kazoo.publish(Sample.call("one")) == 1)
            let event = try client.frame()?.json
            #expect(event?.members?.map(\.key) == Self.frameKeys)
            #expect(event?["data"]?["call_id"] == "one")
            #expect(await kazoo.publish(Sample.call("two", account: Sample.descendant)) == 0)
            #expect(await kazoo.statistics.delivered == 1)
        }
    }

    private static let frameKeys = [
        "action", "subscribed_key", "subscription_key", "name", "routing_key", "data",
    ]

    @Test func `tells its story at the given rate`() async throws {
        var configuration = SimulatorConfiguration()
        configuration.eventsPerSecond = 1000
        try await SimulatedKazoo.withRunning(configuration) { _, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            _ = try client.subscribe("call.*.*", token: token)
            let events = try (0..<200).compactMap { _ in try client.frame()?.json }
            #expect(events.count == 200)
            #expect(events.first?["name"] == "CHANNEL_CREATE")
            #expect(events.allSatisfy { $0["data"]?["custom_channel_vars"]?["account_id"] == .string(Sample.account) })
        }
    }

    // MARK: The upgrade

    @Test func `refuses upgrades as Kazoo does`() async throws {
        var configuration = SimulatorConfiguration()
        configuration.maximumConnectionsPerAddress = 1
        try await SimulatedKazoo.withRunning(configuration) { _, endpoints in
            func status(_ head: String) throws -> (Int, String) {
                let response = try TestClient(port: endpoints.websocketPort).request(head)
                return (response.status, response.body)
            }
            #expect(try status(TestClient.upgrade("\r\nSec-WebSocket-Protocol: kazoo")) == (400, ""))
            #expect(try status(TestClient.upgrade("\r\nSec-WebSocket-Protocol: ")) == (400, ""))
            #expect(try status("GET / HTTP/1.1\r\nHost: localhost") == (426, ""))
            let withoutKey = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade"
            #expect(try status(withoutKey) == (400, ""))
            #expect(try status(TestClient.upgrade().replacing("Version: 13", with: "Version: 6")) == (400, ""))
            let first = try TestClient(port: endpoints.websocketPort)
            let anyPath = TestClient.upgrade().replacing("GET /", with: "GET /some/other/path?x=1")
            let opened = try first.request(anyPath.replacing("Version: 13", with: "Version: 8"))
            #expect(opened.status == 101)
            #expect(opened.head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(try status(TestClient.upgrade()) == (429, ""))
        }
    }

    @Test func `speaks WebSocket`() async throws {
        try await SimulatedKazoo.withRunning { _, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            try client.sendFrame(opcode: 9, Array("hello".utf8))
            #expect(try client.frame() == .init(opcode: 10, payload: Array("hello".utf8)))
            try client.sendFrame(opcode: 2, [1, 2, 3])
            let ping: JSONValue = ["action": "ping", "request_id": "ä", "auth_token": .string(token)]
            let bytes = Array(ping.json.utf8)
            try client.sendFrame(Array(bytes[..<20]), isFinal: false)
            try client.sendFrame(opcode: 9, [])
            try client.sendFrame(opcode: 0, Array(bytes[20...]))
            #expect(try client.frame() == .init(opcode: 10, payload: []))
            #expect(try client.frame()?.json?["request_id"] == "ä")
            try client.sendFrame(opcode: 8, [0x0F, 0xA1] + "app".utf8)
            #expect(try client.frame()?.closeCode == 4001)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `closes on broken frames`() async throws {
        try await SimulatedKazoo.withRunning { _, endpoints in
            let invalidUTF8: [UInt8] = [0xFF, 0xFF]
            let tooLong = [UInt8](repeating: 1, count: 126)
            let cases: [(code: UInt16, send: (TestClient) throws -> Void)] = [
                (1007, { try $0.sendFrame(invalidUTF8) }),
                (1002, { try $0.sendFrame(Array("{}".utf8), isMasked: false) }),
                (1002, { try $0.sendFrame(opcode: 9, tooLong) }),
                (1002, { try $0.sendFrame(opcode: 3, []) }),
                (1011, { try $0.sendFrame(Array("{bad".utf8)) }),
            ]
            for (code, send) in cases {
                let client = try TestClient(port: endpoints.websocketPort)
                _ = try client.request(TestClient.upgrade())
                try send(client)
                #expect(try client.frame()?.closeCode == code)
                #expect(try client.isAtEnd())
            }
        }
    }

    // MARK: Endings

    @Test(arguments: [ConnectionEnd.fin, .reset, .close(1011)])
    func `drops connections`(_ end: ConnectionEnd) async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            _ = try client.subscribe("call.*.*", token: token)
            await kazoo.dropConnections(end)
            switch end {
            case .fin:
                #expect(try client.isAtEnd())
            case .reset:
                #expect(throws: TestClient.SocketError(call: "recv", code: ECONNRESET)) { try client.frame() }
            case .close(let code):
                #expect(try client.frame()?.closeCode == code)
                #expect(try client.isAtEnd())
            }
        }
    }

    @Test func `refuses connections and comes back on the same ports`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            await kazoo.refuseConnections()
            #expect(throws: TestClient.SocketError(call: "connect", code: ECONNREFUSED)) {
                try TestClient(port: endpoints.websocketPort)
            }
            #expect(throws: TestClient.SocketError(call: "connect", code: ECONNREFUSED)) {
                try TestClient(port: endpoints.apiPort)
            }
            #expect(try client.subscribe("call.*.*", token: token)?["status"] == "success")
            try await kazoo.acceptConnections()
            #expect(await kazoo.endpoints == endpoints)
            _ = try Sample.connect(endpoints)
        }
    }

    /// While another thread starts a program, its process has a copy of every descriptor for a moment.
    @Test func `refuses at once, whoever has a copy of its sockets, and keeps its ports`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let ports = [endpoints.apiPort, endpoints.websocketPort]
            let copies = ports.flatMap(LocalSockets.copies)
            defer { for copy in copies { close(copy) } }
            #expect(copies.count >= 2)
            await kazoo.refuseConnections()
            for port in ports {
                #expect(throws: TestClient.SocketError(call: "connect", code: ECONNREFUSED)) {
                    try TestClient(port: port)
                }
                #expect(LocalSockets.refusal(toBind: port) == EADDRINUSE)
            }
            try await kazoo.acceptConnections()
            _ = try Sample.connect(endpoints)
        }
    }

    @Test func `closes idle sessions, whatever they receive`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            _ = try client.subscribe("call.*.*", token: token)
            await kazoo.advanceTime(by: .seconds(3000))
            await kazoo.publish(Sample.call("one"))
            #expect(try client.frame()?.opcode == 1)
            await kazoo.advanceTime(by: .seconds(601))
            #expect(try client.frame()?.closeCode == 1000)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `a shutdown ends every connection`() async throws {
        let kazoo = SimulatedKazoo()
        let endpoints = try await kazoo.start()
        let (client, _) = try Sample.connect(endpoints)
        await kazoo.shutdown()
        #expect(try client.isAtEnd())
        #expect(throws: TestClient.SocketError.self) { try TestClient(port: endpoints.websocketPort) }
    }

    // MARK: Hazards over sockets

    @Test func `withholds pongs, freezes and delays on demand`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            await kazoo.setHazards { $0.loginDelay = .milliseconds(1) }
            let (client, token) = try Sample.connect(endpoints)
            await kazoo.setHazards {
                $0.withholdsPongs = true
                $0.replyDelay = .milliseconds(1)
            }
            try client.sendFrame(opcode: 9, [1])
            #expect(try client.subscribe("call.*.*", token: token)?["status"] == "success")
            await kazoo.setHazards { $0.freezes = true }
            await kazoo.publish(Sample.call("frozen"))
            await kazoo.setHazards { $0.freezes = false }
            await kazoo.publish(Sample.call("thawed"))
            #expect(try client.frame()?.json?["data"]?["call_id"] == "thawed")
            #expect(await kazoo.hazards(node: 0).withholdsPongs)
        }
    }

    @Test func `tokens expire and subscriptions fall silent on demand`() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            await kazoo.expireTokens()
            #expect(try client.subscribe("call.*.*", token: token)?["status"] == "error")
            let fresh = try Sample.logIn(endpoints)
            #expect(try client.subscribe("object.*.*", token: fresh)?["status"] == "success")
            await kazoo.unsubscribeStranger(account: Sample.account, binding: "object.*.*")
            #expect(await kazoo.publish(Sample.document("one")) == 0)
            _ = try client.subscribe("object.*.*", token: fresh)
            #expect(await kazoo.publish(Sample.document("two")) == 1)
            await kazoo.restartListener()
            #expect(await kazoo.publish(Sample.document("three")) == 0)
            #expect(try client.frame()?.json?["data"]?["id"] == "two")
        }
    }

    @Test func `the month turns without a word`() async throws {
        let binding = "object.doc_created.mailbox_message"
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            _ = try client.subscribe("call.*.*", token: token)
            _ = try client.subscribe(binding, token: token)
            func leaveMessage() async -> Int {
                await kazoo.publishDocument("doc_created", type: "mailbox_message", id: "m", account: Sample.account)
            }
            #expect(await leaveMessage() == 1)
            _ = try client.frame()
            await kazoo.turnMonth()
            await kazoo.publish(Sample.call("one"))
            #expect(try client.frame()?.json?["data"]?["call_id"] == "one")
            let date = CivilDate(unixSeconds: await kazoo.now.unixSeconds)
            #expect(date.day == 1)
            #expect(await leaveMessage() == 0)
            _ = try client.subscribe(binding, token: token)
            #expect(await leaveMessage() == 1)
            let database = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8-\(date.yearMonth)"
            #expect(try client.frame()?.json?["routing_key"]?.string == "doc_created.\(database).mailbox_message.m")
            #expect(try Sample.connect(endpoints).client.subscribe(binding, token: token)?["status"] == "success")
        }
    }

    // MARK: Slow readers

    @Test func `5 drops what a slow reader does not take, 4 keeps it`() async throws {
        let event = SimulatedEvent(
            routingKey: Sample.call("x").routingKey, name: "CHANNEL_CREATE",
            data: "{\"padding\":\"\(String(repeating: "x", count: 60_000))\"}")
        for flavour in KazooFlavour.allCases {
            try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { kazoo, endpoints in
                let client = try TestClient(port: endpoints.websocketPort, receiveBuffer: 4096)
                _ = try client.request(TestClient.upgrade())
                _ = try client.subscribe("call.CHANNEL_CREATE.*", token: Sample.logIn(endpoints))
                for _ in 0..<400 { await kazoo.publish(event) }
                let dropped = await kazoo.statistics.dropped
                #expect(flavour == .v5 ? dropped > 0 : dropped == 0)
                let received = try (0..<400 - dropped).compactMap { _ in try client.frame() }
                #expect(received.count == 400 - dropped)
            }
        }
    }

    @Test func `5 loses replies to a burst of more than 50 requests`() async throws {
        try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: .v5)) { kazoo, endpoints in
            let (client, token) = try Sample.connect(endpoints)
            _ = try client.subscribe("call.*.*", token: token)
            let ping = Array(#"{"action":"ping"}"#.utf8)
            let frame = [0x81, 0x80 | UInt8(ping.count), 0, 0, 0, 0] + ping
            // In one go, so that the server reads them at once.
            try client.send(Array(repeatElement(frame, count: 90).joined()))
            try client.sendFrame(opcode: 9, [1])
            var replies = 0
            while let frame = try client.frame(), frame.opcode != 10 { replies += 1 }
            #expect(replies == 50)
            #expect(await kazoo.statistics.dropped == 40)
        }
    }
}
