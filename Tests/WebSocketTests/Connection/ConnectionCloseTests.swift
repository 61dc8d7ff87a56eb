import Testing
import WebSocket

/// How a connection ends (RFC 6455 §7), and what it does afterwards: nothing.
@Suite struct ConnectionCloseTests {
    private func open(_ configuration: Connection.Configuration = .init()) -> Connection {
        Connection(configuration: configuration, now: .start, maskingKeys: ExampleKey())
    }

    // MARK: By the peer

    @Test func answersTheClosePeersBeginWithItsCode() {
        let exchange = Exchange([serverText("last") + serverClose(1001, "bye") + serverText("never seen")])
        #expect(exchange.messages == [.text("last")])
        #expect(
            exchange.actions == [
                .transmit(clientClose(1001)),
                .closed(.init(code: .goingAway, reason: "bye", origin: .peer, isClean: true)),
            ])
    }

    @Test func answersAnEmptyCloseWithAnEmptyOne() {
        #expect(
            Exchange([serverFrame(0x8)]).actions == [
                .transmit(clientFrame(0x8)), .closed(.init(code: nil, origin: .peer, isClean: true)),
            ])
    }

    @Test func aCloseInsideAFragmentedMessageEndsIt() {
        let exchange = Exchange([serverText("a", isFinal: false) + serverClose(1000)])
        #expect(exchange.messages.isEmpty)
        #expect(exchange.closure == .init(code: .normalClosure, origin: .peer, isClean: true))
    }

    @Test(arguments: [serverFrame(0x1, [0x61, 0x62]), serverFrame(0x8, [0x03, 0xE8])])
    func aStoppedKazooSendsNoCloseFrame(_ unfinished: [UInt8]) {
        var connection = open()
        var exchange = Exchange()
        exchange.receive(serverText("last") + unfinished.dropLast(), on: &connection)
        exchange.actions += connection.endOfStream(now: .start)
        #expect(exchange.messages == [.text("last")])
        #expect(
            exchange.actions == [
                .closed(.init(code: nil, reason: "no close frame", origin: .transport, isClean: false))
            ])
    }

    // MARK: By this side

    @Test func closesCleanlyWhenThePeerAnswers() {
        var connection = open()
        var exchange = Exchange()
        #expect(connection.isOpen == true)
        #expect(connection.close(.goingAway, reason: "done", now: .start) == [.transmit(clientClose(1001, "done"))])
        #expect(connection.isOpen == false)
        #expect(connection.deadline == .start + .seconds(5))

        // What the peer sent before it saw the close frame still counts; a ping is still answered.
        exchange.receive(serverText("late") + serverFrame(0x9, [1]) + serverClose(1001), on: &connection)
        #expect(exchange.messages == [.text("late")])
        #expect(
            exchange.actions == [
                .transmit(clientFrame(0xA, [1])), .closed(.init(code: .goingAway, origin: .local, isClean: true)),
            ])
        #expect(connection.deadline == nil)
    }

    @Test func givesUpAPeerThatDoesNotAnswerTheClose() {
        var connection = open(.init(closeTimeout: .seconds(3)))
        _ = connection.close(now: .start)
        #expect(connection.tick(now: .start + .milliseconds(2999)) == [])
        #expect(
            connection.tick(now: .start + .seconds(3)) == [
                .closed(
                    .init(code: nil, reason: "no close frame within 3.0 seconds", origin: .timeout, isClean: false))
            ])
    }

    @Test func isNotCleanWhenThePeerAnswersByEndingTheStream() {
        var connection = open()
        _ = connection.close(now: .start)
        #expect(
            connection.endOfStream(now: .start) == [
                .closed(.init(code: nil, reason: "no close frame in answer", origin: .local, isClean: false))
            ])
    }

    @Test func sendsNoSecondCloseFrame() {
        var connection = open()
        var exchange = Exchange()
        _ = connection.close(now: .start)
        #expect(connection.close(.goingAway, now: .start) == [])
        exchange.receive(serverFrame(0x3), on: &connection)
        #expect(
            exchange.actions == [
                .closed(
                    .init(code: .protocolError, reason: "reserved opcode", origin: .protocolError, isClean: false))
            ])
    }

    // MARK: Afterwards

    @Test func nothingHappensOnceItIsClosed() {
        var connection = open()
        var exchange = Exchange()
        exchange.receive(serverClose(1000), on: &connection)
        #expect(exchange.closure?.isClean == true)

        exchange = Exchange()
        exchange.receive(serverText("never seen") + serverFrame(0x9) + serverFrame(0x3), on: &connection)
        exchange.actions += connection.close(now: .start)
        exchange.actions += connection.tick(now: .start + .seconds(100))
        exchange.actions += connection.endOfStream(now: .start)
        #expect(exchange == Exchange())
        #expect(connection.isOpen == false)
        #expect(connection.deadline == nil)
    }

    @Test func sendingWhenItIsClosedTraps() async {
        await #expect(processExitsWith: .failure) {
            var connection = Connection(now: ContinuousClock().now)
            _ = connection.endOfStream(now: ContinuousClock().now)
            _ = connection.text("too late")
        }
    }

    @Test func closingWithACodeThatMayNotBeSentTraps() async {
        await #expect(processExitsWith: .failure) {
            var connection = Connection(now: ContinuousClock().now)
            _ = connection.close(CloseCode(rawValue: 1006), now: ContinuousClock().now)
        }
    }
}
