import FoundationEssentials
import NIOCore

/// Runs a node on an event loop: its clock, its connections and its stream of events.
///
/// Everything of the simulator happens on one event loop, so nothing needs a lock and every run is one order of things.
final class NodeDriver {
    let loop: any EventLoop
    var node: KazooNode
    private var source: any EventSource
    private var connections: [SessionID: WebSocketConnection] = [:]
    private var clockOffset: Duration = .zero
    private var isTicking = false
    private var lastTick: NIODeadline?
    /// How many events are due.
    private var debt = 0.0

    /// For so long events are made up at a stretch.
    private static let longestTick = TimeAmount.milliseconds(20)

    /// Kazoo 5 cuts a client that takes nothing for so long.
    private static let sendTimeout = Duration.seconds(5)

    init(configuration: SimulatorConfiguration, loop: any EventLoop) {
        self.loop = loop
        node = KazooNode(configuration: configuration)
        source =
            configuration.eventSource
            ?? TelephonyStory(
                accounts: configuration.storyAccounts, flavour: configuration.flavour, seed: configuration.seed)
    }

    /// The simulated time.
    var now: SimulatorInstant {
        let time = Date().timeIntervalSince1970
        return SimulatorInstant(nanoseconds: Int64(time * 1e9)).advanced(by: clockOffset)
    }

    /// The simulated time, as HTTP's `date` header wants it.
    var httpDate: String { CivilDate(unixSeconds: now.unixSeconds).httpDate }

    /// Lets time jump.
    func advanceTime(by duration: Duration) {
        clockOffset += duration
        closeIdle()
    }

    /// Lets the calendar jump to the first second of the next month; nothing expires by it.
    func turnMonth() {
        let rest = Duration.seconds(CivilDate(unixSeconds: now.unixSeconds).secondsUntilNextMonth)
        node.spare(rest)
        clockOffset += rest
    }

    // MARK: Connections

    func add(_ connection: WebSocketConnection) {
        guard let session = connection.session else { return }
        connections[session] = connection
    }

    func remove(_ session: SessionID) {
        connections[session] = nil
        node.close(session)
    }

    func dropConnections(_ end: ConnectionEnd) {
        for connection in connections.values { connection.end(end) }
    }

    var statistics: SimulatorStatistics {
        var statistics = node.statistics
        statistics.openConnections = connections.count
        return statistics
    }

    // MARK: Events

    /// Publishes an event and returns how many frames it became.
    func publish(_ event: SimulatedEvent) -> Int {
        let count = enqueue(event)
        for connection in connections.values { connection.flush() }
        return count
    }

    private func enqueue(_ event: SimulatedEvent) -> Int {
        let publication = node.publish(event)
        for copy in publication.copies {
            if publication.isBreaking {
                connections[copy.session]?.end(.close(1011))
            } else {
                connections[copy.session]?.enqueue(head: copy.head, tail: publication.tail)
            }
        }
        return publication.copies.count
    }

    /// Begins to tell the story and to watch for idle clients.
    func startTicking() {
        isTicking = true
        scheduleTick()
    }

    func stopTicking() { isTicking = false }

    private func scheduleTick() {
        let rate = node.configuration.eventsPerSecond
        let interval = rate > 0 ? min(max(1 / rate, 0.01), 0.25) : 0.25
        // A stream that this machine cannot keep up with goes on at once, after the sockets had their turn.
        let pause = debt >= 1 ? .zero : TimeAmount.nanoseconds(Int64(interval * 1e9))
        loop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            guard let self, isTicking else { return }
            tick()
            scheduleTick()
        }
    }

    private func tick() {
        closeIdle()
        let begin = NIODeadline.now()
        let elapsed = lastTick.map { Double((begin - $0).nanoseconds) / 1e9 } ?? 0
        lastTick = begin
        let rate = node.configuration.eventsPerSecond
        guard rate > 0, node.hasSubscribers else {
            debt = 0
            return
        }
        // After a stall a second's worth is made up for, not all at a stretch: meanwhile nobody can read.
        debt = min(debt + rate * elapsed, max(rate, 1))
        while debt >= 1, NIODeadline.now() < begin + Self.longestTick {
            for _ in 0..<min(Int(debt), 16) { tellNext() }
        }
        for connection in connections.values { connection.flush() }
    }

    private func tellNext() {
        guard let event = source.next(now: now.unixSeconds) else {
            debt = 0
            return
        }
        debt -= 1
        _ = enqueue(event)
    }

    private func closeIdle() {
        let now = now
        for session in node.idleSessions(now: now) { connections[session]?.end(.close(1000)) }
        guard node.configuration.flavour == .v5 else { return }
        for connection in connections.values {
            guard let stuck = connection.stuckSince, now >= stuck.advanced(by: Self.sendTimeout) else { continue }
            connection.end(.reset)
        }
    }
}
