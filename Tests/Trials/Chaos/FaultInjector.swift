import Events
import KazooSimulator
import Subscriber
import Synchronization

/// Plays scene after scene, and notes what was done when.
final class FaultInjector: Sendable {
    private let kazoo: SimulatedKazoo
    private let watch: SessionWatch
    private let publisher: Publisher
    private let ports: [Int]
    private let isRedundant: Bool
    private let renewalInterval: Duration
    private let noted = Mutex<[Ledger.Fault]>([])

    /// How long a renewal may take: a reply that is missing and asked for again, the rest after the third time, and the
    /// pauses around them.
    private static let renewalTime: Duration = .seconds(30)
    /// How long nothing fails before the session counts as calm: longer than an attempt takes that fails.
    private static let calm: Duration = .seconds(6)

    init(
        into kazoo: SimulatedKazoo, watch: SessionWatch, publisher: Publisher, ports: [Int], isRedundant: Bool,
        renewalInterval: Duration
    ) {
        self.kazoo = kazoo
        self.watch = watch
        self.publisher = publisher
        self.ports = ports
        self.isRedundant = isRedundant
        self.renewalInterval = renewalInterval
    }

    /// What was done so far.
    var faults: [Ledger.Fault] { noted.withLock { $0 } }

    /// Plays until the deadline; then everything is mended.
    func run(seed: UInt64, until deadline: Timestamp) async throws {
        var draw = SceneDraw(seed: seed, nodes: ports.count, isRedundant: isRedundant)
        while Timestamp.now < deadline {
            let scene = draw.next { self.publisher.anyAccount(using: &$0) }
            if scene.isSilent { try await waitUntilCalm(until: deadline) }
            guard Timestamp.now < deadline else { break }
            try await play(scene, until: deadline)
        }
        await kazoo.setHazards { $0 = Hazards() }
        try await kazoo.acceptConnections()
    }

    private func play(_ scene: Scene, until deadline: Timestamp) async throws {
        switch scene.change {
        case .account: publisher.orderAccount()
        case .removal: publisher.orderRemoval()
        case nil: break
        }
        let played = try await withThrowingTaskGroup(of: Ledger.Fault?.self) { group in
            for act in scene.acts { group.addTask { try await self.play(act, until: deadline) } }
            return try await group.reduce(into: [Ledger.Fault]()) { faults, fault in
                if let fault { faults.append(fault) }
            }
        }
        // Of redundant connections one may be lost only while the other one is well.
        if scene.isSilent || isRedundant { await waitUntilRenewed(after: .now, until: nil) }
        let now = Timestamp.now
        noted.withLock { noted in
            noted += played.map { fault in
                Ledger.Fault(fault.name, fault.span, silence: fault.silence.map { Span($0.from, now) })
            }
        }
        try await Task.sleep(for: scene.isSilent ? .zero : min(scene.pause, max(.zero, deadline - now)))
    }

    private func play(_ act: Scene.Act, until deadline: Timestamp) async throws -> Ledger.Fault? {
        try await Task.sleep(for: act.offset)
        guard Timestamp.now < deadline else { return nil }
        let begin = Timestamp.now
        await act.fault.begin(on: kazoo)
        // What is lost in silence for a short while only would be trusted; all else ends with the trial.
        try await Task.sleep(for: act.fault.isSilent ? act.length : min(act.length, deadline - begin))
        try await act.fault.end(on: kazoo)
        let span = Span(begin, .now)
        return Ledger.Fault(act.fault.description, span, silence: act.fault.isSilent ? span : nil)
    }

    /// Waits until the session has got over the last failure, so that what is lost in silence is lost by it.
    private func waitUntilCalm(until deadline: Timestamp) async throws {
        while Timestamp.now < deadline, !isCalm { try await Task.sleep(for: .milliseconds(100)) }
    }

    /// Whether nothing has failed for a while, and no connection waits for its next attempt.
    private var isCalm: Bool { Timestamp.now >= watch.unrestUntil.advanced(by: Self.calm) }

    /// Waits until every connection has made its subscriptions anew since, or has had the time for it: the interval between
    /// two renewals, counted from the last failure, and ``renewalTime``.
    ///
    /// - Returns: whether everything is known to be renewed.
    @discardableResult
    func waitUntilRenewed(after moment: Timestamp, until deadline: Timestamp?) async -> Bool {
        while !Task.isCancelled {
            let now = Timestamp.now
            if let deadline, now >= deadline { return false }
            if isCalm, await isRenewed(after: moment) { return true }
            if now >= max(moment, watch.unrestUntil).advanced(by: renewalInterval + Self.renewalTime) { return false }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    private func isRenewed(after moment: Timestamp) async -> Bool {
        var total = 0
        var counts: Set<Int> = []
        for (node, port) in ports.enumerated() {
            let open = await kazoo.statistics(node: node).openConnections
            guard watch.renewedCount(after: moment, port: port) >= open else { return false }
            total += open
            counts.insert(open)
        }
        return total > 0 && (!isRedundant || counts.count == 1)
    }
}
