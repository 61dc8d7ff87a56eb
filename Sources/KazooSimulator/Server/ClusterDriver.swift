import FoundationEssentials
import NIOCore

/// Runs a cluster on an event loop: its clock, its connections and its stream of events.
///
/// Everything of the simulator happens on one event loop, so nothing needs a lock and every run is one order of things.
final class ClusterDriver {
    let loop: any EventLoop
    var cluster: Cluster
    /// Made when first needed: a story invents people for every account.
    private lazy var storyteller = Storyteller(cluster.configuration)
    private var connections: [SessionID: WebSocketConnection] = [:]
    private var clockOffset: Duration = .zero
    private var isTicking = false
    private var lastTick: NIODeadline?

    /// For so long events are told at a stretch: meanwhile nobody can read.
    private static let longestTick = TimeAmount.milliseconds(20)

    /// Kazoo 5 cuts a client that takes nothing for so long.
    private static let sendTimeout = Duration.seconds(5)

    init(configuration: SimulatorConfiguration, loop: any EventLoop) {
        self.loop = loop
        cluster = Cluster(configuration: configuration)
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
        cluster.spare(rest)
        clockOffset += rest
    }

    // MARK: Connections

    func add(_ connection: WebSocketConnection) {
        guard let session = connection.session else { return }
        connections[session] = connection
    }

    func remove(_ session: SessionID) {
        connections[session] = nil
        cluster.close(session)
    }

    /// Ends the connections of one event server, or of all.
    func dropConnections(_ end: ConnectionEnd, node: Int?) {
        for (session, connection) in connections where node == nil || session.node == node { connection.end(end) }
    }

    /// What one event server, or all of the cluster, has done so far.
    func statistics(node: Int?) -> SimulatorStatistics {
        var statistics = cluster.statistics(node: node)
        statistics.openConnections = connections.keys.count { node == nil || $0.node == node }
        return statistics
    }

    // MARK: Accounts

    func add(_ account: SimulatedAccount, announced: Bool) {
        let events = cluster.add(account, now: now)
        guard announced else { return }
        for event in events { _ = publish(event) }
    }

    // MARK: Events

    /// Publishes an event and returns how many frames it became.
    func publish(_ event: SimulatedEvent) -> Int {
        let count = enqueue(event)
        for connection in connections.values { connection.flush() }
        return count
    }

    /// Publishes that a document has changed now and returns how many frames that became.
    func publishDocument(_ action: String, type: String, id: String, account: String) -> Int {
        publish(cluster.documentEvent(action, type: type, id: id, account: account, now: now))
    }

    private func enqueue(_ event: SimulatedEvent) -> Int {
        let publication = cluster.publish(event)
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
        // A stream that this machine cannot keep up with goes on at once, after the sockets had their turn.
        let nap = storyteller?.nap(isHeard: cluster.hasSubscribers) ?? Storyteller.longestNap
        loop.assumeIsolated().scheduleTask(in: TimeAmount(nap)) { [weak self] in
            guard let self, isTicking else { return }
            tick()
            scheduleTick()
        }
    }

    private func tick() {
        closeIdle()
        let begin = NIODeadline.now()
        let elapsed = lastTick.map { Duration(begin - $0) } ?? .zero
        lastTick = begin
        guard cluster.hasSubscribers else { return }
        storyteller?.advance(by: elapsed, bindingsMade: cluster.bindingsMade)
        var told = 0
        while let event = storyteller?.takeEvent(now: now.unixSeconds) {
            _ = enqueue(event)
            told += 1
            if told.isMultiple(of: 16), NIODeadline.now() >= begin + Self.longestTick { break }
        }
        for connection in connections.values { connection.flush() }
    }

    private func closeIdle() {
        let now = now
        for session in cluster.idleSessions(now: now) { connections[session]?.end(.close(1000)) }
        guard cluster.configuration.flavour == .v5 else { return }
        for connection in connections.values {
            guard let stuck = connection.stuckSince, now >= stuck.advanced(by: Self.sendTimeout) else { continue }
            connection.end(.reset)
        }
    }
}
