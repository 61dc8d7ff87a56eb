import KazooSimulator
import TestSupport

/// Some faults that play together, and the pause after them; drawn from a seed.
struct Scene: Sendable {
    /// A fault in a scene.
    struct Act: Sendable {
        let fault: Fault
        /// When it begins, after the beginning of the scene.
        let offset: Duration
        /// How long it lasts.
        let length: Duration
    }

    /// An account that comes or goes.
    enum Change: Sendable {
        case account, removal
    }

    let acts: [Act]
    let change: Change?
    let pause: Duration

    /// Whether events are lost of which no connection hears.
    var isSilent: Bool { acts.contains(where: \.fault.isSilent) }
}

/// Draws scenes.
///
/// With redundant connections the faults of a scene are at one event server: the other one has to carry everything.
struct SceneDraw: Sendable {
    private var generator: SeededGenerator
    private let nodes: Int
    private let isRedundant: Bool
    private var count = 0

    init(seed: UInt64, nodes: Int, isRedundant: Bool) {
        generator = SeededGenerator(seed: seed)
        self.nodes = nodes
        self.isRedundant = isRedundant
    }

    /// The next scene.
    ///
    /// - Parameter account: gives an account that is subscribed to, other than the login's.
    mutating func next(account: (inout SeededGenerator) -> String) -> Scene {
        count += 1
        let node = isRedundant || Bool.random(using: &generator) ? Int.random(in: 0..<nodes, using: &generator) : nil
        // Every other scene is a silent one, and every other of these is nothing else.
        let isSilent = count.isMultiple(of: 2)
        let isPure = isSilent && Bool.random(using: &generator)
        var faults: [Fault] = isSilent ? [silentFault(node, account: account)] : []
        for _ in 0..<(isPure ? 0 : Int.random(in: 1...3, using: &generator)) {
            let fault = loudFault(node)
            if !faults.contains(where: { $0.kind == fault.kind }) { faults.append(fault) }
        }
        let acts = faults.map { fault in
            Scene.Act(
                fault: fault, offset: .seconds(Double.random(in: 0...6, using: &generator)),
                length: .seconds(Double.random(in: fault.lengths, using: &generator)))
        }
        // Accounts come and go while nothing is lost in silence: they are confirmed by one connection after the other.
        let change: Scene.Change? = isSilent ? nil : [.account, .removal, nil].randomElement(using: &generator) ?? nil
        // Now and then the connections stand long enough for the back-off to begin anew.
        let pause = Double.random(in: count.isMultiple(of: 5) ? 31...40 : 0...6, using: &generator)
        return Scene(acts: acts, change: change, pause: .seconds(pause))
    }

    private mutating func silentFault(_ node: Int?, account: (inout SeededGenerator) -> String) -> Fault {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return .freeze(node: node)
        case 1..<3: return .lostEvents(node: node)
        case 3..<5: return .restartedListener(node: node)
        default:
            let isOwn = Bool.random(using: &generator)
            let binding = (isOwn ? Scenery.ownBindings : Scenery.lowerBindings).randomElement(using: &generator)
            return .strangersUnsubscribe(
                account: isOwn ? Scenery.own : account(&generator), binding: binding ?? "call.*.*", node: node)
        }
    }

    private mutating func loudFault(_ node: Int?) -> Fault {
        let ends: [ConnectionEnd] = [.fin, .reset, .close(1011), .close(1000)]
        let end = ends.randomElement(using: &generator) ?? .fin
        switch Int.random(in: 0..<18, using: &generator) {
        case 0..<4: return .dropping(end, node: node)
        case 4..<7: return .outage(end, node: node)
        case 7: return .withheldPongs(node: node)
        case 8..<10: return .failingUpgrades(upgradeFailure(), node: node)
        case 10: return .crowding(Int.random(in: 1...2, using: &generator), node: node)
        case 11: return .lostReplies(Int.random(in: 1...10, using: &generator), node: node)
        case 12..<14: return .lateReplies(.milliseconds(Int.random(in: 100...12_000, using: &generator)), node: node)
        case 14: return .doubledEvents(node: node)
        case 15: return .failingLogins(requestFailure())
        case 16: return .failingRequests(requestFailure())
        default: return .expiredTokens
        }
    }

    private mutating func upgradeFailure() -> Hazards.RequestFailure {
        let failures: [Hazards.RequestFailure] = [
            .answer(CannedAnswer(status: 429)), .answer(CannedAnswer(status: 503)), .answer(.page(200)),
            .answer(.redirection(to: "http://127.0.0.1/elsewhere")), .hangUp, .hang,
        ]
        return failures.randomElement(using: &generator) ?? .hangUp
    }

    private mutating func requestFailure() -> Hazards.RequestFailure {
        let failures: [Hazards.RequestFailure] = [
            .tooManyRequests, .internalError, .bareInternalError, .answer(.page(200)), .hangUp, .hang,
        ]
        return failures.randomElement(using: &generator) ?? .hangUp
    }
}
