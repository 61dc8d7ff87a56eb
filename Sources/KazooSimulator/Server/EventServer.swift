/// One event server of the cluster, a "blackhole" node, without IO: WebSocket upgrades, messages and events in; answers
/// out.
///
/// Sessions and counts of listeners are its own. So is what goes wrong with it.
struct EventServer: Sendable {
    /// Which of the cluster's event servers it is, counted from 0.
    let index: Int
    let configuration: SimulatorConfiguration
    var hazards: Hazards
    var statistics = SimulatorStatistics()
    private(set) var sessions: [SessionID: BlackholeSession] = [:]
    private(set) var services: BlackholeServices
    private let gate: UpgradeGate
    private var lastSession = 0
    /// How many upgrades of each address are granted, whose sessions are not open yet.
    private var admitted: [String: Int] = [:]

    init(index: Int, configuration: SimulatorConfiguration) {
        self.index = index
        self.configuration = configuration
        hazards = configuration.hazards
        hazards.maximumConnectionsPerAddress =
            hazards.maximumConnectionsPerAddress ?? configuration.maximumConnectionsPerAddress
        services = BlackholeServices(
            flavour: configuration.flavour, recordedMonths: configuration.recordedMonths,
            seed: configuration.seed &+ UInt64(index) << 32)
        gate = UpgradeGate(flavour: configuration.flavour)
    }

    /// Whether anybody is subscribed to anything.
    var hasSubscribers: Bool { services.broker.hasSubscribers }

    /// How many bindings sessions have made so far.
    var bindingsMade: Int { services.broker.bindingsMade }

    // MARK: Sessions

    mutating func decide(
        onUpgrade headers: [String: String], address: String, tokens: TokenTable, now: SimulatorInstant
    ) -> UpgradeDecision {
        let decision =
            hazards.takeUpgradeFailure().map(UpgradeDecision.init)
            ?? gate.decide(
                on: UpgradeRequest(
                    headers: headers,
                    sessionsOfAddress: sessions.values.count { $0.address == address } + admitted[address, default: 0],
                    maximumConnectionsPerAddress: hazards.maximumConnectionsPerAddress),
                tokens: tokens, now: now)
        if case .accept = decision {
            admitted[address, default: 0] += 1
            return decision
        }
        statistics.refusedUpgrades += 1
        return decision
    }

    /// An upgrade that was granted counts no longer by itself.
    mutating func settleUpgrade(address: String) {
        guard let count = admitted[address] else { return }
        admitted[address] = count > 1 ? count - 1 : nil
    }

    mutating func open(address: String, port: Int, account: String?, now: SimulatorInstant) -> SessionID {
        settleUpgrade(address: address)
        lastSession += 1
        statistics.connections += 1
        let id = SessionID(node: index, number: lastSession)
        sessions[id] = BlackholeSession(
            id: id, address: address, port: port, messages: configuration.messageLimit, account: account, now: now)
        return id
    }

    mutating func heard(from id: SessionID, now: SimulatorInstant) {
        sessions[id]?.lastHeard = now
    }

    func idleSessions(now: SimulatorInstant) -> [SessionID] {
        let limit = configuration.idleTimeout
        return sessions.values.filter { $0.lastHeard.advanced(by: limit) <= now }.map(\.id)
    }

    mutating func spare(_ duration: Duration) {
        for (id, session) in sessions { sessions[id]?.lastHeard = session.lastHeard.advanced(by: duration) }
    }

    mutating func receive(
        _ message: [UInt8], from id: SessionID, now: SimulatorInstant, records: ClusterRecords
    ) -> [BlackholeAction] {
        statistics.messages += 1
        services.loadsPing = !hazards.lacksPing
        let actions = sessions[id]?.receive(message, now: now, services: &services, records: records) ?? []
        guard case .send = actions.first, hazards.lostReplies > 0 else { return actions }
        hazards.lostReplies -= 1
        return []
    }

    mutating func close(_ id: SessionID) {
        sessions[id]?.close(services: &services)
        sessions[id] = nil
    }

    // MARK: Events

    /// Who of this node gets an event.
    mutating func copies(of event: SimulatedEvent) -> [Publication.Copy] {
        statistics.published += 1
        guard !hazards.losesEvents else { return [] }
        var copies = services.broker.deliveries(of: event.routingKey).map { delivery in
            Publication.Copy(session: delivery.session, head: delivery.head)
        }
        if hazards.duplicatesEvents { copies = copies.flatMap { [$0, $0] } }
        if !event.breaksEncoding { statistics.delivered += copies.count }
        return copies
    }

    mutating func restartListener() { services.broker.forgetListeners() }

    mutating func unsubscribeStranger(
        account: String, binding: String, directory: Directory, now: SimulatorInstant
    ) {
        let offers = services.families.offers(
            for: Binding(binding), account: account, realm: directory.account(account)?.realm,
            yearMonth: CivilDate(unixSeconds: now.unixSeconds).yearMonth)
        for offer in offers { services.broker.remove(offer.listeners) }
    }
}
