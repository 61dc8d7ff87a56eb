/// A whole simulated Kazoo without IO: REST requests, WebSocket upgrades, messages and events in; answers out.
///
/// One REST API, one set of accounts and tokens, and as many event servers as ``SimulatorConfiguration/nodes`` says.
struct Cluster: Sendable {
    /// How a REST request is answered.
    enum RESTAnswer: Equatable {
        case response(CrossbarResponse)
        /// What no Crossbar would say.
        case canned(CannedAnswer)
        case hangUp
        case hang
    }

    let configuration: SimulatorConfiguration
    /// What goes wrong with the REST API.
    var apiHazards: Hazards
    var nodes: [EventServer]
    private(set) var records: ClusterRecords
    private var crossbar: Crossbar
    private var random: RandomSource
    /// The REST requests, and the events that were published.
    private var statistics = SimulatorStatistics()

    init(configuration: SimulatorConfiguration) {
        precondition(configuration.nodes > 0, "a cluster without event servers")
        self.configuration = configuration
        apiHazards = configuration.hazards
        nodes = (0..<configuration.nodes).map { EventServer(index: $0, configuration: configuration) }
        records = ClusterRecords(directory: Directory(accounts: configuration.accounts, users: configuration.users))
        crossbar = Crossbar(
            flavour: configuration.flavour, tokenLifetime: configuration.tokenLifetime,
            loginCost: configuration.loginCost, seed: configuration.seed &+ 1)
        random = RandomSource(seed: configuration.seed &+ 2)
    }

    /// Whether anybody is subscribed to anything.
    var hasSubscribers: Bool { nodes.contains(where: \.hasSubscribers) }

    /// How many bindings clients have made so far.
    var bindingsMade: Int { nodes.reduce(0) { $0 + $1.bindingsMade } }

    /// What was done so far, by one event server or by all of the cluster.
    func statistics(node: Int?) -> SimulatorStatistics {
        if let node { return nodes[node].statistics }
        var sum = nodes.reduce(into: SimulatorStatistics()) { $0.add($1.statistics) }
        sum.logins = statistics.logins
        sum.requests = statistics.requests
        sum.published = statistics.published
        return sum
    }

    /// Changes what goes wrong with one event server, or with all of them and the REST API.
    mutating func setHazards(node: Int?, _ change: (inout Hazards) -> Void) {
        if let node { return change(&nodes[node].hazards) }
        change(&apiHazards)
        for node in nodes.indices { change(&nodes[node].hazards) }
    }

    // MARK: REST

    mutating func respond(to request: CrossbarRequest, now: SimulatorInstant) -> RESTAnswer {
        if request.isLogin { statistics.logins += 1 } else { statistics.requests += 1 }
        switch request.isLogin ? apiHazards.takeLoginFailure() : apiHazards.takeRequestFailure() {
        case .unauthorized: return .response(crossbar.refuse(request, now: now))
        case .tooManyRequests: return .response(crossbar.refuseForRate(request, now: now))
        case .internalError: return .response(crossbar.crash(on: request, now: now))
        case .bareInternalError: return .response(CrossbarResponse(status: 500))
        case .answer(let answer): return .canned(answer)
        case .hangUp: return .hangUp
        case .hang: return .hang
        case nil:
            let live = nodes.flatMap { $0.sessions.values.sorted { $0.id.number < $1.id.number } }
            return .response(crossbar.respond(to: request, now: now, records: &records, sockets: live))
        }
    }

    /// Every token handed out so far is expired from now on.
    mutating func expireTokens(now: SimulatorInstant) { records.tokens.expireAll(now: now) }

    /// Honours a token that was issued elsewhere.
    mutating func accept(token: String, grant: TokenTable.Grant) {
        records.tokens.accept(token, grant: grant)
    }

    /// The calendar is about to jump, and neither a session nor a token is to age by it.
    mutating func spare(_ duration: Duration) {
        records.tokens.prolongAll(by: duration)
        for node in nodes.indices { nodes[node].spare(duration) }
    }

    // MARK: Accounts

    /// Adds an account and returns what Kazoo publishes of it.
    mutating func add(_ account: SimulatedAccount, now: SimulatorInstant) -> [SimulatedEvent] {
        records.directory.add(account)
        let text = OfficeEventText(account: account, version: configuration.flavour.version)
        let databases = [RoutingKey.database(ofAccount: account.id), "accounts"].compactMap(\.self)
        return databases.map { database in
            text.document(
                "doc_created", type: "account", id: account.id, database: database, created: now.unixSeconds,
                revision: "1-\(random.hex(32))", messageID: random.hex(16), now: now.unixSeconds)
        }
    }

    /// The documents that Kazoo keeps in the month's database, of those that a subscriber can ask for by type.
    private static let typesKeptByMonth = ["fax", "mailbox_message", "call_recording"]

    /// What Kazoo publishes of a document that was created, edited or deleted now.
    mutating func documentEvent(
        _ action: String, type: String, id: String, account: String, now: SimulatorInstant
    ) -> SimulatedEvent {
        let main = RoutingKey.database(ofAccount: account) ?? account
        let month = CivilDate(unixSeconds: now.unixSeconds).yearMonth
        let database = Self.typesKeptByMonth.contains(type) ? "\(main)-\(month)" : main
        let owner = records.directory.account(account) ?? SimulatedAccount(id: account, name: "", realm: "")
        return OfficeEventText(account: owner, version: configuration.flavour.version).document(
            action, type: type, id: id, database: database, created: now.unixSeconds,
            revision: "2-\(random.hex(32))", messageID: random.hex(16), now: now.unixSeconds)
    }

    /// Removes an account and all below it.
    mutating func removeAccount(_ id: String) { records.directory.remove(id) }

    // MARK: Sessions

    /// - Parameter address: The client's address without its port.
    mutating func decide(
        onUpgrade headers: [String: String], address: String, node: Int = 0, now: SimulatorInstant
    ) -> UpgradeDecision {
        nodes[node].decide(onUpgrade: headers, address: address, tokens: records.tokens, now: now)
    }

    /// An upgrade that was granted will not become a session.
    mutating func settleUpgrade(address: String, node: Int) { nodes[node].settleUpgrade(address: address) }

    /// - Parameters:
    ///   - address: The client's address.
    ///   - port: The client's port.
    ///   - account: The account that the upgrade authenticated, if it did.
    mutating func open(
        address: String, port: Int, account: String?, node: Int = 0, now: SimulatorInstant
    ) -> SessionID {
        nodes[node].open(address: address, port: port, account: account, now: now)
    }

    /// The client sent a frame of any kind, which keeps its session alive.
    mutating func heard(from id: SessionID, now: SimulatorInstant) { nodes[id.node].heard(from: id, now: now) }

    /// The sessions whose clients have sent nothing for too long, to be closed with 1000. Events do not keep them alive.
    func idleSessions(now: SimulatorInstant) -> [SessionID] { nodes.flatMap { $0.idleSessions(now: now) } }

    mutating func receive(_ message: [UInt8], from id: SessionID, now: SimulatorInstant) -> [BlackholeAction] {
        nodes[id.node].receive(message, from: id, now: now, records: records)
    }

    mutating func close(_ id: SessionID) { nodes[id.node].close(id) }

    // MARK: Events

    /// Every event server gets the event, the same message of the broker, and hands it to its own sessions.
    mutating func publish(_ event: SimulatedEvent) -> Publication {
        statistics.published += 1
        var copies: [Publication.Copy] = []
        for node in nodes.indices { copies += nodes[node].copies(of: event) }
        guard !copies.isEmpty else { return Publication() }
        if event.breaksEncoding { return Publication(copies: copies, isBreaking: true) }
        return Publication(tail: event.frameTail, copies: copies)
    }

    /// A server's listener starts anew: sockets stay open, and nothing comes until somebody subscribes again.
    mutating func restartListener(node: Int? = nil) {
        for node in indices(node) { nodes[node].restartListener() }
    }

    /// Somebody else's unsubscribe, which lowers a server's count of who needs the events.
    mutating func unsubscribeStranger(account: String, binding: String, node: Int? = nil, now: SimulatorInstant) {
        for node in indices(node) {
            nodes[node].unsubscribeStranger(
                account: account, binding: binding, directory: records.directory, now: now)
        }
    }

    private func indices(_ node: Int?) -> Range<Int> { node.map { $0..<$0 + 1 } ?? nodes.indices }
}
