import KazooSimulator

/// Something that goes wrong for a while, or at once.
enum Fault: Equatable, Sendable, CustomStringConvertible {
    // Of connections.
    case dropping(ConnectionEnd, node: Int?)
    case outage(ConnectionEnd, node: Int?)
    case withheldPongs(node: Int?)
    case failingUpgrades(Hazards.RequestFailure, node: Int?)
    case crowding(Int, node: Int?)
    // Of messages.
    case lostReplies(Int, node: Int?)
    case lateReplies(Duration, node: Int?)
    case doubledEvents(node: Int?)
    // Of the REST API.
    case failingLogins(Hazards.RequestFailure)
    case failingRequests(Hazards.RequestFailure)
    case expiredTokens
    // Of which no connection hears.
    case freeze(node: Int?)
    case lostEvents(node: Int?)
    case restartedListener(node: Int?)
    case strangersUnsubscribe(account: String, binding: String, node: Int?)

    /// Whether events are lost of which no connection hears.
    ///
    /// A frozen server of the simulator forgets what it should have sent, so a freeze that ends before it is noticed loses
    /// in silence.
    var isSilent: Bool {
        switch self {
        case .freeze, .lostEvents, .restartedListener, .strangersUnsubscribe: true
        default: false
        }
    }

    /// How long it may last, in seconds; what happens at once lasts for nothing.
    ///
    /// A silence of less than ten seconds between two events is trusted (`Coverage.trustedSilence`), so the shortest that
    /// is played is twelve: a message broker that drops its connections is away for half a minute.
    var lengths: ClosedRange<Double> {
        switch self {
        case .dropping, .expiredTokens, .restartedListener, .strangersUnsubscribe: 0...0
        case .lostReplies: 2...10
        case .outage, .failingUpgrades, .failingLogins, .failingRequests: 0.2...15
        case .withheldPongs: 5...45
        case .crowding: 5...25
        case .lateReplies, .doubledEvents: 2...20
        case .freeze: 12...45
        case .lostEvents: 12...25
        }
    }

    /// Which kind of fault it is; a scene has one of each at most.
    var kind: String { String(description.prefix { $0 != " " }) }

    var description: String {
        switch self {
        case .dropping(let end, let node): "drop \(end)\(Self.at(node))"
        case .outage(let end, let node): "outage \(end)\(Self.at(node))"
        case .withheldPongs(let node): "no-pongs\(Self.at(node))"
        case .failingUpgrades(let failure, let node): "upgrades-fail \(Self.short(failure))\(Self.at(node))"
        case .crowding(let count, let node): "crowd at most \(count)\(Self.at(node))"
        case .lostReplies(let count, let node): "lose-replies \(count)\(Self.at(node))"
        case .lateReplies(let delay, let node): "late-replies \(delay)\(Self.at(node))"
        case .doubledEvents(let node): "events-twice\(Self.at(node))"
        case .failingLogins(let failure): "logins-fail \(Self.short(failure))"
        case .failingRequests(let failure): "requests-fail \(Self.short(failure))"
        case .expiredTokens: "tokens-expire"
        case .freeze(let node): "freeze\(Self.at(node))"
        case .lostEvents(let node): "lose-events\(Self.at(node))"
        case .restartedListener(let node): "listener-restart\(Self.at(node))"
        case .strangersUnsubscribe(let account, let binding, let node):
            "stranger unsubscribes \(binding) of \(account)\(Self.at(node))"
        }
    }

    private static func at(_ node: Int?) -> String { node.map { " at node \($0)" } ?? "" }

    private static func short(_ failure: Hazards.RequestFailure) -> String {
        guard case .answer(let answer) = failure else { return "\(failure)" }
        return "\(answer.status)"
    }
}

extension Fault {
    /// Lets it begin.
    func begin(on kazoo: SimulatedKazoo) async {
        switch self {
        case .dropping(let end, let node): await kazoo.dropConnections(end, node: node)
        case .outage(let end, let node):
            await kazoo.refuseConnections(node: node)
            await kazoo.dropConnections(end, node: node)
        case .withheldPongs(let node): await kazoo.setHazards(node: node) { $0.withholdsPongs = true }
        case .failingUpgrades(let failure, let node):
            // Who is connected would not notice.
            await kazoo.setHazards(node: node) { $0.upgradeFailure = failure }
            await kazoo.dropConnections(.fin, node: node)
        case .crowding(let count, let node):
            await kazoo.setHazards(node: node) { $0.maximumConnectionsPerAddress = count }
            await kazoo.dropConnections(.close(1011), node: node)
        case .lostReplies(let count, let node): await kazoo.setHazards(node: node) { $0.lostReplies = count }
        case .lateReplies(let delay, let node): await kazoo.setHazards(node: node) { $0.replyDelay = delay }
        case .doubledEvents(let node): await kazoo.setHazards(node: node) { $0.duplicatesEvents = true }
        case .failingLogins(let failure): await kazoo.setHazards { $0.loginFailure = failure }
        case .failingRequests(let failure): await kazoo.setHazards { $0.requestFailure = failure }
        case .expiredTokens: await kazoo.expireTokens()
        case .freeze(let node): await kazoo.setHazards(node: node) { $0.freezes = true }
        case .lostEvents(let node): await kazoo.setHazards(node: node) { $0.losesEvents = true }
        case .restartedListener(let node): await kazoo.restartListener(node: node)
        case .strangersUnsubscribe(let account, let binding, let node):
            await kazoo.unsubscribeStranger(account: account, binding: binding, node: node)
        }
    }

    /// Mends it.
    func end(on kazoo: SimulatedKazoo) async throws {
        switch self {
        case .dropping, .expiredTokens, .restartedListener, .strangersUnsubscribe: break
        case .lostReplies(_, let node): await kazoo.setHazards(node: node) { $0.lostReplies = 0 }
        case .outage(_, let node): try await kazoo.acceptConnections(node: node)
        case .withheldPongs(let node): await kazoo.setHazards(node: node) { $0.withholdsPongs = false }
        case .failingUpgrades(_, let node): await kazoo.setHazards(node: node) { $0.upgradeFailure = nil }
        case .crowding(_, let node): await kazoo.setHazards(node: node) { $0.maximumConnectionsPerAddress = nil }
        case .lateReplies(_, let node): await kazoo.setHazards(node: node) { $0.replyDelay = .zero }
        case .doubledEvents(let node): await kazoo.setHazards(node: node) { $0.duplicatesEvents = false }
        case .failingLogins: await kazoo.setHazards { $0.loginFailure = nil }
        case .failingRequests: await kazoo.setHazards { $0.requestFailure = nil }
        case .freeze(let node): await kazoo.setHazards(node: node) { $0.freezes = false }
        case .lostEvents(let node): await kazoo.setHazards(node: node) { $0.losesEvents = false }
        }
    }
}
