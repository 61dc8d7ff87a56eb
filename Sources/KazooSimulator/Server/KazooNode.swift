/// A whole simulated Kazoo without IO: REST requests, WebSocket upgrades, messages and events in; answers out.
struct KazooNode: Sendable {
    /// How a REST request is answered.
    enum RESTAnswer: Equatable {
        case response(CrossbarResponse)
        case hangUp
    }

    /// An event on its way: the frames of its subscribers share their tail.
    struct Publication: Equatable {
        /// What a session gets.
        struct Copy: Equatable {
            var session: SessionID
            /// The frame up to the part that all share.
            var head: String
        }

        var tail = ""
        var copies: [Copy] = []
        /// `true` when encoding the event crashes every session that should get it.
        var isBreaking = false

        /// The frames as whole texts.
        var frames: [String] { copies.map { $0.head + tail } }
    }

    let configuration: SimulatorConfiguration
    var hazards: Hazards
    var statistics = SimulatorStatistics()
    private(set) var sessions: [SessionID: BlackholeSession] = [:]
    private(set) var services: BlackholeServices
    private var crossbar: Crossbar
    private let gate: UpgradeGate
    private var lastSession = 0

    init(configuration: SimulatorConfiguration) {
        let directory = Directory(accounts: configuration.accounts, users: configuration.users)
        self.configuration = configuration
        hazards = configuration.hazards
        services = BlackholeServices(flavour: configuration.flavour, directory: directory, seed: configuration.seed)
        crossbar = Crossbar(
            flavour: configuration.flavour, directory: directory, tokenLifetime: configuration.tokenLifetime,
            loginCost: configuration.loginCost, seed: configuration.seed &+ 1)
        gate = UpgradeGate(
            flavour: configuration.flavour,
            maximumConnectionsPerAddress: configuration.maximumConnectionsPerAddress)
    }

    /// Whether anybody is subscribed to anything.
    var hasSubscribers: Bool { services.broker.hasSubscribers }

    // MARK: REST

    mutating func respond(to request: CrossbarRequest, now: SimulatorInstant) -> RESTAnswer {
        if request.isLogin { statistics.logins += 1 } else { statistics.requests += 1 }
        switch request.isLogin ? hazards.loginFailure : hazards.requestFailure {
        case .tooManyRequests: return .response(crossbar.refuseForRate(request, now: now))
        case .internalError: return .response(crossbar.crash(on: request, now: now))
        case .bareInternalError: return .response(CrossbarResponse(status: 500))
        case .hangUp: return .hangUp
        case nil:
            let live = sessions.values.sorted { $0.id.number < $1.id.number }
            return .response(crossbar.respond(to: request, now: now, tokens: &services.tokens, sockets: live))
        }
    }

    /// Every token handed out so far is expired from now on.
    mutating func expireTokens(now: SimulatorInstant) { services.tokens.expireAll(now: now) }

    /// Honours a token that was issued elsewhere.
    mutating func accept(token: String, grant: TokenTable.Grant) {
        services.tokens.accept(token, grant: grant)
    }

    /// The calendar is about to jump, and neither a session nor a token is to age by it.
    mutating func spare(_ duration: Duration) {
        services.tokens.prolongAll(by: duration)
        for (id, session) in sessions { sessions[id]?.lastHeard = session.lastHeard.advanced(by: duration) }
    }

    // MARK: Sessions

    /// - Parameter address: The client's address without its port.
    func decide(onUpgrade headers: [String: String], address: String, now: SimulatorInstant) -> UpgradeDecision {
        if let status = hazards.upgradeStatus { return .refuse(status: status) }
        let sessionsOfAddress = sessions.values.count { $0.address == address }
        let request = UpgradeRequest(headers: headers, sessionsOfAddress: sessionsOfAddress)
        return gate.decide(on: request, tokens: services.tokens, now: now)
    }

    /// - Parameters:
    ///   - address: The client's address.
    ///   - port: The client's port.
    ///   - account: The account that the upgrade authenticated, if it did.
    mutating func open(address: String, port: Int, account: String?, now: SimulatorInstant) -> SessionID {
        lastSession += 1
        statistics.connections += 1
        let id = SessionID(number: lastSession)
        sessions[id] = BlackholeSession(
            id: id, address: address, port: port, messages: configuration.messageLimit, account: account, now: now)
        return id
    }

    /// The client sent a frame of any kind, which keeps its session alive.
    mutating func heard(from id: SessionID, now: SimulatorInstant) {
        sessions[id]?.lastHeard = now
    }

    /// The sessions whose clients have sent nothing for too long, to be closed with 1000. Events do not keep them alive.
    func idleSessions(now: SimulatorInstant) -> [SessionID] {
        let limit = configuration.idleTimeout
        return sessions.values.filter { $0.lastHeard.advanced(by: limit) <= now }.map(\.id)
    }

    mutating func receive(_ message: [UInt8], from id: SessionID, now: SimulatorInstant) -> [BlackholeAction] {
        statistics.messages += 1
        services.loadsPing = !hazards.lacksPing
        let actions = sessions[id]?.receive(message, now: now, services: &services) ?? []
        guard case .send = actions.first, hazards.lostReplies > 0 else { return actions }
        hazards.lostReplies -= 1
        return []
    }

    mutating func close(_ id: SessionID) {
        sessions[id]?.close(services: &services)
        sessions[id] = nil
    }

    // MARK: Events

    mutating func publish(_ event: SimulatedEvent) -> Publication {
        statistics.published += 1
        guard !hazards.losesEvents else { return Publication() }
        var copies = services.broker.deliveries(of: event.routingKey).map { delivery in
            Publication.Copy(session: delivery.session, head: delivery.head)
        }
        if hazards.duplicatesEvents { copies = copies.flatMap { [$0, $0] } }
        guard !copies.isEmpty else { return Publication() }
        if event.breaksEncoding { return Publication(copies: copies, isBreaking: true) }
        statistics.delivered += copies.count
        return Publication(tail: event.frameTail, copies: copies)
    }

    /// The server's listener starts anew: sockets stay open, and nothing comes until somebody subscribes again.
    mutating func restartListener() { services.broker.forgetListeners() }

    /// Somebody else's unsubscribe, which lowers the server's count of who needs the events.
    mutating func unsubscribeStranger(account: String, binding: String, now: SimulatorInstant) {
        let offers = services.families.offers(
            for: Binding(binding), account: account, realm: services.directory.account(account)?.realm,
            yearMonth: CivilDate(unixSeconds: now.unixSeconds).yearMonth)
        for offer in offers { services.broker.remove(offer.listeners) }
    }
}
