import Testing
import WebSocket

/// Liveness, seen from outside: time goes in, pings and the end come out.
@Suite struct HeartbeatTests {
    private func open(_ configuration: Connection.Configuration = .init()) -> Connection {
        Connection(configuration: configuration, now: .start, maskingKeys: ExampleKey())
    }

    private func at(_ seconds: Int) -> ContinuousClock.Instant { .start + .seconds(seconds) }

    private let firstPing = clientFrame(0x9, [0, 0, 0, 1])
    private let secondPing = clientFrame(0x9, [0, 0, 0, 2])
    private let dead = Connection.Action.closed(
        .init(code: nil, reason: "no pong within 10.0 seconds", origin: .timeout, isClean: false))

    @Test func pingsAtIntervalsAfterEachPong() {
        var connection = open()
        var exchange = Exchange()
        #expect(connection.deadline == at(25))
        #expect(connection.tick(now: at(24)) == [])
        #expect(connection.tick(now: at(25)) == [.transmit(firstPing)])
        #expect(connection.deadline == at(35))
        #expect(connection.tick(now: at(30)) == [])

        exchange.receive(serverFrame(0xA, [0, 0, 0, 1]), on: &connection, now: at(32))
        #expect(connection.deadline == at(57))
        #expect(connection.tick(now: at(56)) == [])
        #expect(connection.tick(now: at(57)) == [.transmit(secondPing)])
        #expect(exchange == Exchange())
    }

    @Test func aPingWithoutItsPongEndsTheConnection() {
        var connection = open()
        _ = connection.tick(now: at(25))
        #expect(connection.tick(now: at(34)) == [])
        #expect(connection.tick(now: at(35)) == [dead])
        #expect(connection.deadline == nil)
    }

    @Test func neitherMessagesNorOtherPongsCountAsThePong() {
        var connection = open()
        var exchange = Exchange()
        _ = connection.tick(now: at(25))
        let others = serverText("event") + serverFrame(0xA) + serverFrame(0xA, [0, 0, 0, 2]) + serverFrame(0x9)
        exchange.receive(others, on: &connection, now: at(34))
        #expect(connection.deadline == at(44), "no ping is due, the pong still is")
        #expect(connection.tick(now: at(44)) == [dead])
    }

    /// A busy server's pong stands behind everything that it has sent before.
    @Test func thePongMayTakeLongerWhileAnythingArrives() {
        var connection = open()
        var exchange = Exchange()
        _ = connection.tick(now: at(25))
        for second in stride(from: 34, through: 160, by: 9) {
            exchange.receive([serverText("event")[0]], on: &connection, now: at(second))
            exchange.receive(Array(serverText("event").dropFirst()), on: &connection, now: at(second))
            #expect(connection.tick(now: at(second + 1)) == [])
        }
        exchange.receive(serverFrame(0xA, [0, 0, 0, 1]), on: &connection, now: at(165))
        #expect(connection.deadline == at(190))
    }

    @Test func decodingWhatHadArrivedBeforeIsNoSignOfLife() {
        var connection = open()
        _ = connection.tick(now: at(25))
        #expect(connection.process(now: at(34)) { _, _ in } == [])
        #expect(connection.tick(now: at(35)) == [dead])
    }

    @Test func messagesDoNotDelayThePing() {
        var connection = open()
        var exchange = Exchange()
        exchange.receive(serverText("event"), on: &connection, now: at(24))
        #expect(connection.tick(now: at(25)) == [.transmit(firstPing)])
    }

    @Test func aPongThatWaitsInTheBufferCountsHoweverLateTheCallerIs() {
        var connection = open()
        var exchange = Exchange()
        _ = connection.tick(now: at(25))
        exchange.receive(serverFrame(0xA, [0, 0, 0, 1]), on: &connection, now: at(3600))
        #expect(connection.tick(now: at(3600)) == [])
        #expect(connection.deadline == at(3625))
    }

    @Test func aPongBeforeItsPingMeansNothing() {
        var connection = open()
        var exchange = Exchange()
        exchange.receive(serverFrame(0xA, [0, 0, 0, 1]), on: &connection, now: at(20))
        #expect(connection.deadline == at(25))
    }

    @Test func sendsNoPingsWhereThereIsNoInterval() {
        var connection = open(.init(pingInterval: nil))
        #expect(connection.deadline == nil)
        #expect(connection.tick(now: at(100_000)) == [])
    }

    @Test func sendsNoPingsWhileClosing() {
        var connection = open(.init(closeTimeout: .seconds(60)))
        _ = connection.close(now: at(1))
        #expect(connection.deadline == at(61))
        #expect(connection.tick(now: at(60)) == [])
    }
}
