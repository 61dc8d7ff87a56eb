import TestSupport
import Testing
import WebSocket

/// Messages: what is delivered, and which rules end the connection.
@Suite struct ConnectionTests {
    // MARK: Messages

    /// RFC 6455 §5.7.
    @Test func decodesTheExamples() {
        let frames: [[UInt8]] = [
            [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F],
            [0x01, 0x03, 0x48, 0x65, 0x6C], [0x80, 0x02, 0x6C, 0x6F],
            [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F],
            [0x82, 0x7E, 0x01, 0x00] + [UInt8](repeating: 7, count: 256),
            [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 8, count: 65536),
        ]
        let exchange = Exchange(frames)
        #expect(
            exchange.messages == [
                .text("Hello"), .text("Hello"), .binary([UInt8](repeating: 7, count: 256)),
                .binary([UInt8](repeating: 8, count: 65536)),
            ])
        #expect(
            exchange.actions == [
                .transmit([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
            ])
    }

    @Test func joinsFragmentsAroundControlFrames() {
        let stream =
            serverText("a€", isFinal: false) + serverFrame(0x9, [1]) + serverFrame(0x0, [], isFinal: false)
            + serverFrame(0x9, [2]) + serverFrame(0x0, Array("b".utf8)) + serverText("c")
        let exchange = Exchange([stream])
        #expect(exchange.messages == [.text("a€b"), .text("c")])
        #expect(exchange.actions == [.transmit(clientFrame(0xA, [1])), .transmit(clientFrame(0xA, [2]))])
    }

    @Test func deliversEmptyMessages() {
        let stream =
            serverText("") + serverFrame(0x2) + serverText("", isFinal: false) + serverFrame(0x0, [], isFinal: false)
            + serverFrame(0x0)
        #expect(Exchange([stream]).messages == [.text(""), .binary([]), .text("")])
    }

    @Test func aCharacterMayBeCutByAFragmentsEnd() {
        let euro = Array("€".utf8)
        let stream = euro.indices.map { index in
            serverFrame(index == 0 ? 0x1 : 0x0, [euro[index]], isFinal: index == euro.count - 1)
        }
        #expect(Exchange(stream).messages == [.text("€")])
    }

    @Test func binaryNeedNotBeText() {
        #expect(Exchange([serverFrame(0x2, [0xFF, 0x80])]).messages == [.binary([0xFF, 0x80])])
    }

    @Test func answersEachPingWithItsPayload() {
        let payload = [UInt8](repeating: UInt8(ascii: "z"), count: 125)
        let exchange = Exchange([serverFrame(0x9) + serverFrame(0x9, payload)])
        #expect(exchange.actions == [.transmit(clientFrame(0xA)), .transmit(clientFrame(0xA, payload))])
    }

    @Test func aPongThatAnswersNothingMeansNothing() {
        #expect(Exchange([serverFrame(0xA, [1, 2, 3])]) == Exchange())
    }

    // MARK: Broken rules

    @Test(
        arguments: [
            (serverFrame(0x1, reserved: 4), "reserved bits set"),
            (serverFrame(0x1, reserved: 1), "reserved bits set"),
            (serverFrame(0x3), "reserved opcode"),
            (serverFrame(0xB), "reserved opcode"),
            (clientFrame(0x1, [0x61]), "masked frame from a server"),
            ([0x81, 126, 0, 5] + Array("Hello".utf8), "payload length not in its shortest form"),
            ([0x81, 127, 0, 0, 0, 0, 0, 0, 1, 0], "payload length not in its shortest form"),
            ([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], "payload length of 64 bits"),
            (serverFrame(0x9, isFinal: false), "fragmented control frame"),
            (serverFrame(0x9, [UInt8](repeating: 0, count: 126)), "control frame of more than 125 bytes"),
            (serverFrame(0x0), "continuation of no message"),
            (serverText("whole") + serverFrame(0x0), "continuation of no message"),
            (serverText("a", isFinal: false) + serverText("b"), "new message inside a fragmented one"),
            (
                serverFrame(0x2, isFinal: false) + serverFrame(0x2, isFinal: false),
                "new message inside a fragmented one"
            ),
            (serverFrame(0x8, [3]), "close frame with one byte"),
            (serverClose(1005), "close frame with an invalid code"),
            (serverClose(5000), "close frame with an invalid code"),
        ] as [([UInt8], String)])
    func aProtocolErrorFailsTheConnection(_ stream: [UInt8], _ reason: String) {
        expectFailure(Exchange([stream + serverText("never seen")]), 1002, reason)
    }

    @Test(arguments: [
        serverFrame(0x1, [0x61, 0xFF]),
        serverFrame(0x1, [0xE2, 0x82]),
        serverFrame(0x1, [0xE2, 0x82], isFinal: false) + serverFrame(0x0, [0x61]),
        serverFrame(0x1, [0xE2, 0x82], isFinal: false) + serverFrame(0x0),
    ])
    func aTextThatIsNotUTF8FailsTheConnection(_ stream: [UInt8]) {
        expectFailure(Exchange([stream]), 1007, "text is not UTF-8")
    }

    /// Autobahn's 6.4.3 and 6.4.4: the frame is unfinished, and its text already lost.
    @Test func invalidTextIsFoundInAnUnfinishedFrame() {
        let frame = serverFrame(0x1, Array("κόσμε".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("edited".utf8))
        let wrong = 2 + "κόσμε".utf8.count + 1
        #expect(Exchange(Array(frame[..<wrong]).bytewise) == Exchange())
        expectFailure(Exchange(Array(frame[...wrong]).bytewise), 1007, "text is not UTF-8")
        expectFailure(Exchange([Array(frame[...wrong])]), 1007, "text is not UTF-8")
    }

    @Test func invalidTextIsFoundInAnUnfinishedFragment() {
        let start = serverText("a", isFinal: false)
        let fragment = serverFrame(0x0, [0x62, 0xED, 0xA0, 0x63, 0x64], isFinal: false)
        expectFailure(Exchange([start, Array(fragment.prefix(5))]), 1007, "text is not UTF-8")
    }

    @Test func aCloseReasonThatIsNotUTF8FailsTheConnection() {
        expectFailure(Exchange([serverFrame(0x8, [0x03, 0xE8, 0xFF])]), 1007, "close reason is not UTF-8")
        expectFailure(Exchange([serverFrame(0x8, [0x03, 0xE8, 0xC3])]), 1007, "close reason is not UTF-8")
    }

    @Test func whatCameBeforeTheErrorIsDelivered() {
        let exchange = Exchange([serverText("good") + serverFrame(0x3)])
        #expect(exchange.messages == [.text("good")])
        #expect(exchange.closure?.code == .protocolError)
    }

    // MARK: Limits

    private let small = Connection.Configuration(maximumFrameSize: 200, maximumMessageSize: 300)

    @Test func aFrameOverTheLimitFailsTheConnectionByItsHeader() {
        let fits = serverFrame(0x2, [UInt8](repeating: 1, count: 200))
        #expect(Exchange([fits], configuration: small).messages.count == 1)
        expectFailure(Exchange([[0x82, 126, 0, 201]], configuration: small), 1009, "frame too big")
    }

    @Test func aMessageOverTheLimitFailsTheConnectionByItsHeader() {
        let first = serverFrame(0x2, [UInt8](repeating: 1, count: 200), isFinal: false)
        let second = serverFrame(0x0, [UInt8](repeating: 1, count: 100))
        #expect(Exchange([first, second, first, second], configuration: small).messages.count == 2)
        expectFailure(Exchange([first, [0x80, 101]], configuration: small), 1009, "message too big")
    }

    @Test func theLargestMessageIsDelivered() {
        let payload = [UInt8](repeating: 9, count: 16 * 1024 * 1024)
        #expect(Exchange([serverFrame(0x2, payload)]).messages == [.binary(payload)])
    }

    // MARK: The caller's errors

    private struct Refused: Error {}

    @Test func aMessageWhoseDeliveryThrowsCountsAsDelivered() {
        var connection = Connection(now: .start, maskingKeys: ExampleKey())
        connection.receive(serverFrame(0x9, [1]) + serverText("one") + serverText("two"))
        #expect(throws: Refused.self) {
            try connection.process(now: .start) { _, _ in throw Refused() }
        }
        #expect(connection.tick(now: .start) == [.transmit(clientFrame(0xA, [1]))])
        var exchange = Exchange()
        exchange.receive([], on: &connection)
        #expect(exchange.messages == [.text("two")])
        #expect(exchange.actions == [])
    }

    @Test func aReadThatThrowsReceivesNothing() {
        var connection = Connection(now: .start, maskingKeys: ExampleKey())
        #expect(throws: Refused.self) {
            try connection.withReceiveSpace(atLeast: 10) { _ in throw Refused() }
        }
        var exchange = Exchange()
        exchange.receive(serverText("one"), on: &connection)
        #expect(exchange.messages == [.text("one")])
    }

    // MARK: Sending

    @Test func encodesMessages() {
        var connection = Connection(now: .start, maskingKeys: ExampleKey())
        #expect(connection.text("Hello") == clientFrame(0x1, Array("Hello".utf8)))
        #expect(connection.text(Array("Grüße".utf8)) == clientFrame(0x1, Array("Grüße".utf8)))
        #expect(connection.binary([0xFF]) == clientFrame(0x2, [0xFF]))
        #expect(connection.ping([1]) == clientFrame(0x9, [1]))
    }

    @Test func takesANewMaskingKeyForEachFrame() {
        var connection = Connection(now: .start, maskingKeys: SeededGenerator(seed: 1))
        let keys = (0..<10).map { _ in Array(connection.text("x")[2..<6]) }
        #expect(Set(keys).count == keys.count)
    }

    private func expectFailure(
        _ exchange: Exchange, _ code: UInt16, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let closure = Connection.Closure(
            code: CloseCode(rawValue: code), reason: reason, origin: .protocolError, isClean: false)
        #expect(
            exchange.actions == [.transmit(clientClose(code, reason)), .closed(closure)],
            sourceLocation: sourceLocation)
        #expect(!exchange.messages.contains(.text("never seen")), sourceLocation: sourceLocation)
    }
}
